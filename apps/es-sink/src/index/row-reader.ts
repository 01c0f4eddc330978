import {
  DecodeError,
  formatInstant,
  LineageAppender,
  type TableEntry,
  TableJudge,
} from '@pipeline/event-schema';
import { type KafkaRecord } from '@pipeline/kafka-transport';
import { type RejectedRecord } from '@pipeline/sink-runtime';
import { type RowDocument } from '../elasticsearch/document-store.ts';
import { PURGE_AFTER } from '../elasticsearch/index-template.ts';
import { type RecordReader } from './elasticsearch.partition-writer.ts';

/**
 * Turns the records of one partition of a table into documents. Their version is the offset: a key has one partition, so the
 * newest record of a key has the highest. A deletion is a document too, which the alias hides until it is removed.
 */
export class RowReader implements RecordReader<RowDocument> {
  private readonly judge: TableJudge;
  private readonly lineage: LineageAppender;
  private readonly alias: string;

  constructor(
    table: TableEntry,
    partition: number,
    private readonly options: { readonly deletionMs: number; readonly nowMs?: () => number },
  ) {
    this.alias = table.name;
    this.judge = new TableJudge(table);
    this.lineage = new LineageAppender(table.name, partition);
  }

  read(record: KafkaRecord): RowDocument | RejectedRecord {
    const change = this.judge.read(record);
    if (change instanceof DecodeError) return { record, code: change.code, message: change.message };
    const line = change.isDeletion ? this.kept(change.line) : change.line;
    const { lineage, alias } = this;
    const offset = String(record.offset);
    return {
      index: alias,
      id: change.id,
      version: offset,
      sourceBytes: lineage.rowLength(line, offset),
      writeSource: (target, at) => lineage.write(line, offset, target, at),
    };
  }

  /** From now on, since it is from now on that a write of an older change may be late. */
  private kept(line: Buffer): Buffer {
    const { deletionMs, nowMs = Date.now } = this.options;
    const until = formatInstant(nowMs() + deletionMs);
    return Buffer.concat([line.subarray(0, -1), Buffer.from(`,"${PURGE_AFTER}":"${until}"}`)]);
  }
}
