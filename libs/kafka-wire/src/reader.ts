/** A place in bytes, moved on by whoever reads there. */
export interface Cursor {
  readonly bytes: Buffer;
  at: number;
}

/** A zigzag number of variable length, of at most 32 bits. Source: Kafka's `ByteUtils.readVarint`. */
export function readVarint(cursor: Cursor): number {
  const { bytes } = cursor;
  let byte = bytes[cursor.at++]!;
  let value = byte & 0x7f;
  for (let shift = 7; byte > 0x7f; shift += 7) {
    byte = bytes[cursor.at++]!;
    value |= (byte & 0x7f) << shift;
  }
  return (value >>> 1) ^ -(value & 1);
}

/** The same of up to 64 bits; exact up to 2^53. */
export function readVarlong(cursor: Cursor): number {
  const { bytes } = cursor;
  let byte = bytes[cursor.at++]!;
  let value = byte & 0x7f;
  for (let factor = 128; byte > 0x7f; factor *= 128) {
    byte = bytes[cursor.at++]!;
    value += (byte & 0x7f) * factor;
  }
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}
