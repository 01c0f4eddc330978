import { DecodeError, jsonLine, type LineageAppender } from '@pipeline/event-schema';
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
 * the body is one buffer of exactly the right size.
 */
export function jsonLines(records: readonly KafkaRecord[], lineage: LineageAppender): JsonLines {
  const rejected: RejectedRecord[] = [];
  const stored: KafkaRecord[] = [];
  const lines: Buffer[] = [];
  let length = 0;
  for (const record of records) {
    const line = jsonLine(record.value);
    if (line instanceof DecodeError) {
      rejected.push({ record, code: line.reason, message: line.message });
      continue;
    }
    stored.push(record);
    lines.push(line);
    length += lineage.rowLength(line, record.offset) + 1;
  }
  const body = Buffer.allocUnsafe(length);
  let at = 0;
  for (let index = 0; index < lines.length; index += 1) {
    at = lineage.write(lines[index]!, stored[index]!.offset, body, at);
    body[at++] = LINE_FEED;
  }
  return { body, lines: lines.length, rejected };
}

/** Why a record can never be a line, or nothing when it can. */
export function rejectionOf(record: KafkaRecord): RejectedRecord | undefined {
  const line = jsonLine(record.value);
  return line instanceof DecodeError ? { record, code: line.reason, message: line.message } : undefined;
}
