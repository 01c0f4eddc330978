import { createHash } from 'node:crypto';
import { type KafkaRecord } from '@pipeline/kafka-transport';
import { hourOf } from './file-name.ts';

/** One file to be: a contiguous range of a partition within one hour. */
export interface NextFile {
  readonly startOffset: bigint;
  /** Inclusive. */
  readonly endOffset: bigint;
  /** Of the first record's append time. */
  readonly hour: number;
  readonly maxTimestampMs: number;
  /** Never empty. */
  readonly records: readonly KafkaRecord[];
}

export interface Remainder {
  /** Ascending by offset. */
  readonly records: readonly KafkaRecord[];
  /** Index of the first record that is not in a file yet; there must be one. */
  readonly from: number;
  /** Where the chain ends: the file starts here, gap before its first record included. */
  readonly startOffset: bigint;
  /** End of the range that is being written, exclusive. */
  readonly nextOffset: bigint;
}

/**
 * Cuts the next file: up to the first record of another hour, else to the end of the range. A gap behind the last
 * record belongs to the file, so that the next one starts where this range ends.
 */
export function nextFile({ records, from, startOffset, nextOffset }: Remainder): NextFile {
  const hour = hourOf(records[from]!.timestamp);
  let maxTimestampMs = 0;
  let seen: number | undefined;
  let until = from;
  for (; until < records.length; until += 1) {
    const { timestamp } = records[until]!;
    // Records of one produce request share their append time.
    if (timestamp === seen) continue;
    if (hourOf(timestamp) !== hour) break;
    maxTimestampMs = Math.max(maxTimestampMs, timestamp);
    seen = timestamp;
  }
  const following = records[until];
  return {
    startOffset,
    endOffset: (following ? BigInt(following.offset) : nextOffset) - 1n,
    hour,
    maxTimestampMs,
    records: from === 0 && !following ? records : records.slice(from, until),
  };
}

/**
 * Tells a record from any other that may ever lie at its offset, in a recreated topic too: topic, offset, append time
 * and 64 bits of the SHA-256 of its key and value.
 */
export function recordIdentity(topic: string, { offset, timestamp, key, value }: KafkaRecord): string {
  const hash = createHash('sha256');
  for (const part of [key, value]) {
    hash.update(`${part?.length ?? -1}:`);
    if (part) hash.update(part);
  }
  return `${topic}@${offset}@${timestamp}@${hash.digest('hex').slice(0, 16)}`;
}
