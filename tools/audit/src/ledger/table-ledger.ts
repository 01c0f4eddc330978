import { crc32 } from 'node:zlib';
import { DecodeError, GROUPS, type TableEntry, TableJudge } from '@pipeline/event-schema';
import { type PartitionExtent } from '@pipeline/kafka-transport';
import { breakPromise } from '../report/hour-counts.ts';
import { valueFingerprint } from './fingerprint.ts';
import { FLAGS } from './flags.ts';
import { hashId } from './id-table.ts';
import { Ledger, type LoggedRecord, type TimeRange } from './ledger.ts';

const { esSink } = GROUPS;
const NONE = -1;
/** The document is of a record that came after the audit began. */
const LATER = -2;
/** The document is of a record that Kafka does not have any more. */
const EARLIER = -3;

/**
 * What is known about the records of a table. HDFS has each change once, as of events. Elasticsearch has of each key the newest
 * change that is no dead letter, and nothing where that is a deletion. What compaction has taken out of Kafka is
 * not judged.
 */
export class TableLedger extends Ledger {
  protected override readonly isCompacted = true;
  private readonly judge: TableJudge;
  /** CRC-32 of the values as they are, with which dead letters are compared. */
  private readonly values: Uint32Array;
  private readonly deletions: Uint8Array;
  /** The record before with the same key. */
  private readonly previous: Int32Array;
  /** By the first record of a key: its last record, and the record that its document was made of. */
  private readonly last: Int32Array;
  private readonly shown: Int32Array;

  constructor(table: TableEntry, extents: readonly PartitionExtent[], range: TimeRange) {
    super(table.name, extents, range);
    this.judge = new TableJudge(table);
    const { size } = this.offsets;
    this.values = new Uint32Array(size);
    this.deletions = new Uint8Array(size);
    [this.previous, this.last, this.shown] = [NONE, NONE, NONE].map((none) =>
      new Int32Array(size).fill(none),
    ) as [Int32Array, Int32Array, Int32Array];
  }

  override addRecord(partition: number, record: LoggedRecord): string | undefined {
    const { offset, timestamp, key = null, value } = record;
    const at = this.offsets.place(partition, offset);
    if (typeof at !== 'number') return undefined;
    const change = this.judge.read({ key, value, timestamp });
    this.values[at] = rawFingerprint(value);
    if (change instanceof DecodeError) {
      this.know(at, timestamp, this.values[at]);
      return undefined;
    }
    this.know(at, timestamp, valueFingerprint(value, change.line));
    this.mark(at, FLAGS.hasId);
    if (change.isDeletion) this.deletions[at] = 1;
    const first = this.ids.add(hashId(change.id), at);
    if (first !== at) {
      this.mark(at, FLAGS.repeatsId);
      this.previous[at] = this.last[first]!;
    }
    this.last[first] = at;
    return first === at ? change.id : undefined;
  }

  protected override isValue(record: number, value: Buffer | null): boolean {
    return rawFingerprint(value) === this.values[record];
  }

  override addDocument(id: string, source: Buffer, index: string): void {
    const hash = hashId(id);
    const first = this.ids.find(hash);
    const stored = this.lines.read(source);
    const place = stored === undefined ? 'unknown' : this.offsets.place(stored.partition, stored.offset);
    const isGone = place === 'expired' || (typeof place === 'number' && !this.has(place, FLAGS.known));
    if (first < 0 && (place === 'later' || place === 'expired')) {
      this.notJudged[place] += 1;
    } else if (first < 0 || place === 'unknown') {
      breakPromise(this.elsewhere, 'invented');
      this.findings.add(esSink, 'invented', { ...stored, eventId: id, detail: `document in ${index}` });
    } else if (place === 'later' || isGone) {
      this.shown[first] = place === 'later' ? LATER : EARLIER;
    } else if (typeof place === 'number') {
      this.shown[first] = place;
      this.addContent(place, source, stored?.fingerprint);
      if (!this.ids.carries(place, hash)) this.mark(place, FLAGS.documentDamaged);
    }
  }

  /** Also where a key has not the document that it must have: a later change may have come meanwhile. */
  override get needsSecondLook(): boolean {
    return (
      super.needsSecondLook || this.last.some((last, first) => last !== NONE && this.shown[first] !== last)
    );
  }

  override lookAgain(partition: number, logged: LoggedRecord): void {
    const { offset, value } = logged;
    const record = this.offsets.place(partition, offset);
    if (typeof record !== 'number') return this.noteLater(logged);
    if (value === null || !this.has(record, FLAGS.known)) return;
    this.compareCutLetters(record, value);
    this.compareSuspect(record, value);
  }

  private noteLater({ key = null, value, timestamp }: LoggedRecord): void {
    const change = this.judge.read({ key, value, timestamp });
    const first = change instanceof DecodeError ? NONE : this.ids.find(hashId(change.id));
    if (first !== NONE) this.shown[first] = LATER;
  }

  /** Judges what Elasticsearch has of a record; of a key once, at its first record. */
  judgeDocument(record: number): void {
    const isLetter = this.has(record, FLAGS.esLetter);
    if (isLetter && this.has(record, FLAGS.document))
      this.report(esSink, 'double', record, 'document and dead letter');
    if (this.has(record, FLAGS.documentDamaged))
      this.report(esSink, 'damaged', record, 'the document has other fields, or another key');
    if (!this.has(record, FLAGS.hasId)) {
      if (!isLetter) this.reportAbsent(esSink, record, 'no row of the table, and no dead letter');
    } else if (this.ids.firstOf(record) === record) this.judgeKey(record);
  }

  /** The document has to be of the newest record that the sink has committed, or of one behind it. */
  private judgeKey(first: number): void {
    const shown = this.shown[first]!;
    if (shown === LATER) return;
    let due = this.last[first]!;
    for (; due !== NONE && !this.isDue(due); due = this.previous[due]!) {
      const isWaiting =
        !this.has(due, FLAGS.esLetter) && due > shown && !(this.deletions[due] && shown === NONE);
      if (isWaiting && this.has(due, FLAGS.judged)) this.reportAbsent(esSink, due, 'not written yet');
    }
    if (due === NONE || !this.has(due, FLAGS.judged) || shown > due) return;
    if (this.deletions[due]) {
      if (shown !== NONE) this.report(esSink, 'damaged', due, 'deleted, and its document is there');
    } else if (shown !== due) {
      this.report(esSink, 'lost', due, shown === NONE ? 'no document' : 'its document is an older one');
    }
  }

  private isDue(record: number): boolean {
    return !this.has(record, FLAGS.esLetter) && this.isCommitted(esSink, record);
  }
}

function rawFingerprint(value: Buffer | null): number {
  return value === null ? 0 : crc32(value);
}
