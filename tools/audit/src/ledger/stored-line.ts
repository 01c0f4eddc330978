import { crc32 } from 'node:zlib';
import { type Fingerprint } from './fingerprint.ts';

const COMMA = 0x2c;
const ZERO = 0x30;
const CLOSE = 0x7d;
const OFFSET = Buffer.from(',"kafka_offset":');

/** What a row or document says about itself. */
export interface StoredLine {
  readonly partition: number;
  readonly offset: number;
  /** Of the line without its lineage; absent where the lineage does not stand at the end, as the sinks put it. */
  readonly fingerprint: Fingerprint | undefined;
}

/** Takes the lineage of one topic off the end of its rows and documents, byte by byte, without parsing the rest. */
export class StoredLineReader {
  private readonly marker: Buffer;

  constructor(private readonly topic: string) {
    this.marker = Buffer.from(`"kafka_topic":${JSON.stringify(topic)},"kafka_partition":`);
  }

  /** @returns nothing when the line names no offset of the topic. */
  read(line: Buffer): StoredLine | undefined {
    const last = line.length - 1;
    const offsetStart = startOfDigits(line, last);
    const partitionEnd = offsetStart - OFFSET.length;
    const partitionStart = startOfDigits(line, partitionEnd);
    const start = partitionStart - this.marker.length;
    const isLineage =
      line[last] === CLOSE &&
      endsWith(line, offsetStart, OFFSET) &&
      endsWith(line, partitionStart, this.marker) &&
      offsetStart < last &&
      partitionStart < partitionEnd;
    if (!isLineage) return this.parse(line);
    const end = line[start - 1] === COMMA ? start - 1 : start;
    return {
      partition: wholeNumber(line, partitionStart, partitionEnd),
      offset: wholeNumber(line, offsetStart, last),
      fingerprint: crc32(line.subarray(0, end)),
    };
  }

  /** A store may have written the object anew, in another order. */
  private parse(line: Buffer): StoredLine | undefined {
    let parsed: Record<string, unknown> | null;
    try {
      parsed = JSON.parse(line.toString()) as Record<string, unknown> | null;
    } catch {
      return undefined;
    }
    const { kafka_topic: topic, kafka_partition: partition, kafka_offset: offset } = parsed ?? {};
    if (topic !== this.topic || !isCount(partition) || !isCount(offset)) return undefined;
    return { partition, offset, fingerprint: undefined };
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function startOfDigits(bytes: Buffer, end: number): number {
  let at = end;
  while (at > 0 && isDigit(bytes[at - 1]!)) at -= 1;
  return at;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= ZERO + 9;
}

function wholeNumber(bytes: Buffer, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) value = value * 10 + (bytes[at]! - ZERO);
  return value;
}

/** Whether `piece` stands right before `end`. */
function endsWith(bytes: Buffer, end: number, piece: Buffer): boolean {
  const start = end - piece.length;
  if (start < 1) return false;
  for (let at = 0; at < piece.length; at += 1) if (bytes[start + at] !== piece[at]) return false;
  return true;
}
