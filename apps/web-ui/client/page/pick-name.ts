import { isVisible, shownText } from '@pipeline/event-schema';

/** What keeps a name from being sent. The collector's rules, told before anything is sent. */
export type NameMistake = 'missing' | 'too-long' | 'invalid';

const MAX_CHARACTERS = 64;
/** Control characters, and halves of surrogate pairs. */
const FORBIDDEN = /[\p{Cc}\p{Cs}]/u;

export function nameMistake(name: string): NameMistake | undefined {
  const shown = shownText(name);
  if (shown === '') return 'missing';
  if ([...shown].length > MAX_CHARACTERS) return 'too-long';
  if (FORBIDDEN.test(shown)) return 'invalid';
  return isVisible(shown) ? undefined : 'missing';
}
