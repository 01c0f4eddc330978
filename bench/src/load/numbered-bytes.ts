const DIGITS = 12;
const HEX = Buffer.from('0123456789abcdef');

/** Twelve hexadecimal digits, as they end a UUID, to be replaced by {@link writeNumber}. */
export const NUMBER = '0'.repeat(DIGITS);

/** Writes a number over the digits at an offset: numbering an event costs next to nothing. */
export function writeNumber(bytes: Buffer, offset: number, value: number): void {
  let rest = value;
  for (let digit = DIGITS - 1; digit >= 0; digit--) {
    bytes[offset + digit] = HEX[rest % 16]!;
    rest = Math.floor(rest / 16);
  }
}
