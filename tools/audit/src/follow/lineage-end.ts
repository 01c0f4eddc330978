import { LineageAppender } from '@pipeline/event-schema';

const SAMPLE = Buffer.from('{"a":1}');
const ZERO = 0x30;
const CLOSE_OBJECT = 0x7d;

/** What stands behind a record's fields in its row and in its document: the lineage of one partition, and the bracket. */
export class LineageEnd {
  /** From the comma up to the offset. */
  private readonly fields: Buffer;

  constructor(topic: string, partition: number) {
    const row = new LineageAppender(topic, partition).append(SAMPLE, '');
    this.fields = row.subarray(SAMPLE.length - 1, -1);
  }

  /** Bytes for this offset, the bracket included. */
  lengthFor(offset: number): number {
    return this.fields.length + digitsOf(offset) + 1;
  }

  /** Whether it stands at `at`, where there are as many bytes as it has. */
  isAt(bytes: Buffer, at: number, offset: number): boolean {
    const { fields } = this;
    for (let index = 0; index < fields.length; index += 1) {
      if (bytes[at + index] !== fields[index]) return false;
    }
    const start = at + fields.length;
    const end = start + digitsOf(offset);
    return isNumberAt(bytes, start, end, offset) && bytes[end] === CLOSE_OBJECT;
  }
}

/** Decimal digits of a whole number up to 2^53. */
export function digitsOf(value: number): number {
  let digits = 1;
  for (let limit = 10; value >= limit; limit *= 10) digits += 1;
  return digits;
}

/** Whether the digits in `[start, end)` are those of `value`, which has as many. */
export function isNumberAt(bytes: Buffer, start: number, end: number, value: number): boolean {
  let rest = value;
  for (let at = end - 1; at >= start; at -= 1) {
    const tens = Math.floor(rest / 10);
    if (bytes[at] !== ZERO + (rest - tens * 10)) return false;
    rest = tens;
  }
  return true;
}
