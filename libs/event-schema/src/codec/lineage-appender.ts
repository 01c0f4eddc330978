import { isSpace } from './json-syntax.ts';

const COMMA = 0x2c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
/** Of 2^63 − 1. */
const MOST_OFFSET_DIGITS = 19;

/**
 * Adds where a record came from to its JSON line, as the last fields: `…,"kafka_topic":"select-color",
 * "kafka_partition":0,"kafka_offset":42}`. The line's own bytes stay as they are. One per partition: the constant part
 * is encoded once.
 *
 * Lines are what `jsonLine` returns, offsets decimal strings as Kafka's client gives them.
 */
export class LineageAppender {
  private readonly fields: Buffer;

  constructor(topic: string, partition: number) {
    this.fields = Buffer.from(
      `"kafka_topic":${JSON.stringify(topic)},"kafka_partition":${partition},"kafka_offset":`,
    );
  }

  /** No row of a line of so many bytes is longer. */
  longestRow(lineBytes: number): number {
    return lineBytes + 1 + this.fields.length + MOST_OFFSET_DIGITS;
  }

  /** Exact bytes of the row that {@link write} produces. */
  rowLength(line: Buffer, offset: string): number {
    return line.length + (isEmptyObject(line) ? 0 : 1) + this.fields.length + offset.length;
  }

  /**
   * Writes the row into `target` from `at`, which must have room for {@link rowLength} bytes; no line end is added.
   * @returns the index after the row.
   */
  write(line: Buffer, offset: string, target: Buffer, at: number): number {
    let end = at + line.copy(target, at, 0, line.length - 1);
    if (!isEmptyObject(line)) target[end++] = COMMA;
    end += this.fields.copy(target, end);
    end += target.write(offset, end, 'latin1');
    target[end] = CLOSE_OBJECT;
    return end + 1;
  }

  /** The row in a Buffer of its own. */
  append(line: Buffer, offset: string): Buffer {
    const row = Buffer.allocUnsafe(this.rowLength(line, offset));
    this.write(line, offset, row, 0);
    return row;
  }
}

function isEmptyObject(line: Buffer): boolean {
  let last = line.length - 2;
  while (isSpace(line[last])) last -= 1;
  return last === 0 && line[0] === OPEN_OBJECT;
}
