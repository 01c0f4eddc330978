/** Control and format characters, line and paragraph separators, private and unpaired ones: a terminal may obey them. */
const OBEYED = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * A text as a terminal may be given it, in one line: what could move the cursor, change colours or titles, reverse the order
 * of characters or be invisible is shown as an escape. Everything that a tool prints goes through this: much of it was
 * written by strangers.
 */
export function printable(text: string): string {
  return text.replace(OBEYED, (character) => SHORT[character] ?? escapeOf(character.codePointAt(0)!));
}

function escapeOf(codePoint: number): string {
  const hex = codePoint.toString(16);
  return codePoint > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
}
