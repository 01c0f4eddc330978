/** What keeps a name from being sent. The collector's rules, told before anything is sent. */
export type NameMistake = 'missing' | 'too-long' | 'invalid';

const MAX_CHARACTERS = 64;
/** Control characters, and halves of surrogate pairs. */
const FORBIDDEN = /[\p{Cc}\p{Cs}]/u;

export function nameMistake(name: string): NameMistake | undefined {
  const trimmed = name.trim();
  if (trimmed === '') return 'missing';
  if ([...trimmed].length > MAX_CHARACTERS) return 'too-long';
  return FORBIDDEN.test(trimmed) ? 'invalid' : undefined;
}
