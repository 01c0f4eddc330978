import { DecodeError, eventLine, type LineageAppender } from '@pipeline/event-schema';
import { type KafkaRecord } from '@pipeline/kafka-transport';
import { type RejectedRecord } from '@pipeline/sink-runtime';

const LINE_FEED = 0x0a;

/** The content of one file and what could not go into it. */
export interface JsonLines {
  readonly body: Buffer;
  /** Lines in the body. */
  readonly lines: number;
  readonly rejected: readonly RejectedRecord[];
}

/**
 * One line per storable record: its own bytes and, as the last fields, its lineage. Nothing is serialised again, and
 * nothing of a record outlives its turn: views kept until the end would be copied by the garbage collector.
 */
export function jsonLines(records: readonly KafkaRecord[], lineage: LineageAppender): JsonLines {
  const rejected: RejectedRecord[] = [];
  const most = records.reduce((sum, { value }) => sum + lineage.longestRow(value?.length ?? 0) + 1, 0);
  const body = Buffer.allocUnsafe(most);
  let at = 0;
  for (const record of records) {
    const line = eventLine(record.value);
    if (line instanceof DecodeError) {
      rejected.push({ record, code: line.code, message: line.message });
      continue;
    }
    at = lineage.write(line, String(record.offset), body, at);
    body[at++] = LINE_FEED;
  }
  return { body: body.subarray(0, at), lines: records.length - rejected.length, rejected };
}

/** Why a record can never be a line, or nothing when it can. */
export function rejectionOf(record: KafkaRecord): RejectedRecord | undefined {
  const line = eventLine(record.value);
  return line instanceof DecodeError ? { record, code: line.code, message: line.message } : undefined;
}
