import {
  DecodeError,
  type FindingKind,
  GROUPS,
  jsonLine,
  ofEachSink,
  type SinkName,
} from '@pipeline/event-schema';
import { type PartitionExtent } from '@pipeline/kafka-transport';
import { Findings } from '../report/findings.ts';
import { breakPromise, HourTable, type HourCounts } from '../report/hour-counts.ts';
import { eventIdOf } from './event-id.ts';
import { canonicalFingerprint, type Fingerprint, valueFingerprint } from './fingerprint.ts';
import { FLAGS } from './flags.ts';
import { hashId, IdTable } from './id-table.ts';
import { IdCopies } from './id-copies.ts';
import { OffsetMap } from './offset-map.ts';
import { StoredLineReader } from './stored-line.ts';

const HOUR_MS = 3_600_000;

/** Append times to judge, milliseconds since the epoch: `[fromMs, toMs)`. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A record of Kafka as it is compared; offset, and append time in milliseconds since the epoch. */
export interface LoggedRecord {
  readonly offset: number;
  readonly timestamp: number;
  /** Of a table only. */
  readonly key?: Buffer | null;
  readonly value: Buffer | null;
  /** Of its value; instead of the value, for rows only. */
  readonly fingerprint?: Fingerprint;
}

/** A record that a sink gave up, as its dead letter says. */
export interface DeadLetter {
  readonly partition: number;
  readonly offset: number;
  readonly value: Buffer | null;
  /** The letter has only the beginning of the value: its topic did not take more. */
  readonly isCut?: boolean;
}

/** The beginning of a record that a cut letter has; the record is read again to be compared. */
interface CutLetter {
  readonly sink: SinkName;
  readonly bytes: number;
  readonly fingerprint: Fingerprint;
}

/**
 * What is known about every record of a topic: first Kafka's records go in, then what the stores and the dead-letter
 * topics hold, in any order. 28 bytes per offset, whatever the records' size; without ids, for rows only, 10.
 */
export class Ledger {
  readonly offsets: OffsetMap;
  readonly flags: Uint16Array;
  readonly ids: IdTable;
  readonly hours = new HourTable();
  readonly findings = new Findings();
  readonly notJudged = { expired: 0, later: 0 };
  readonly foreignLetters = ofEachSink(() => 0);
  readonly copies: IdCopies;
  /** Whether Kafka may have taken records out of the middle of the topic. */
  protected readonly isCompacted: boolean = false;
  underWay = 0;
  private suspects = 0;
  private readonly cutLetters = new Map<number, CutLetter[]>();
  private readonly commits = new Map<SinkName, ReadonlyMap<number, bigint>>();
  protected readonly fingerprints: Uint32Array;
  private readonly appendHours: Uint32Array;
  /** Of the documents that are suspects; made when there is one. */
  private suspectContents: Uint32Array | undefined;
  protected readonly lines: StoredLineReader;

  constructor(
    topic: string,
    extents: readonly PartitionExtent[],
    private readonly range: TimeRange,
    private readonly withIds = true,
  ) {
    this.lines = new StoredLineReader(topic);
    this.offsets = new OffsetMap(extents);
    const { size } = this.offsets;
    this.ids = new IdTable(withIds ? size : 0);
    this.copies = new IdCopies(this.offsets);
    this.flags = new Uint16Array(size);
    this.appendHours = new Uint32Array(size);
    this.fingerprints = new Uint32Array(size);
  }

  /** @returns its event id, where no record before has it. */
  addRecord(
    partition: number,
    { offset, timestamp: timestampMs, value, fingerprint }: LoggedRecord,
  ): string | undefined {
    const record = this.offsets.place(partition, offset);
    if (typeof record !== 'number') return undefined;
    const line = fingerprint === undefined ? jsonLine(value) : undefined;
    this.know(record, timestampMs, fingerprint ?? valueFingerprint(value, line));
    if (!this.withIds || line === undefined || line instanceof DecodeError) return undefined;
    const id = eventIdOf(line);
    if (id === undefined) return undefined;
    this.mark(record, FLAGS.hasId);
    const first = this.ids.add(hashId(id), record);
    if (first === record) return id;
    this.mark(record, FLAGS.repeatsId);
    this.copies.expect(first);
    return undefined;
  }

  protected know(record: number, timestampMs: number, fingerprint: Fingerprint): void {
    this.fingerprints[record] = fingerprint;
    this.appendHours[record] = Math.floor(timestampMs / HOUR_MS);
    this.mark(record, FLAGS.known);
    if (timestampMs >= this.range.fromMs && timestampMs < this.range.toMs) this.mark(record, FLAGS.judged);
  }

  /** Up to where a sink has stored everything, by partition. What lies behind may still be on its way. */
  setCommitted(sink: SinkName, committed: ReadonlyMap<number, bigint>): void {
    this.commits.set(sink, committed);
  }

  /** A letter that names no record of ours, or has other bytes than the record it names, is somebody else's. */
  addDeadLetter(sink: SinkName, { partition, offset, value, isCut = false }: DeadLetter): void {
    const record = this.offsets.place(partition, offset);
    if (record === 'expired' || record === 'later') {
      this.notJudged[record] += 1;
      return;
    }
    const isKnown = record !== 'unknown' && this.has(record, FLAGS.known);
    if (isKnown && this.isValue(record, value)) this.markLetter(sink, record);
    else if (isKnown && isCut) this.keepCutLetter(sink, record, value ?? Buffer.alloc(0));
    else this.foreignLetters[sink] += 1;
  }

  /** Whether a record has this value. */
  protected isValue(record: number, value: Buffer | null): boolean {
    return valueFingerprint(value) === this.fingerprints[record];
  }

  private keepCutLetter(sink: SinkName, record: number, beginning: Buffer): void {
    const letter = { sink, bytes: beginning.length, fingerprint: valueFingerprint(beginning) };
    this.cutLetters.set(record, [...(this.cutLetters.get(record) ?? []), letter]);
  }

  protected compareCutLetters(record: number, value: Buffer): void {
    for (const { sink, bytes, fingerprint } of this.cutLetters.get(record) ?? []) {
      const isBeginning = valueFingerprint(value.subarray(0, bytes)) === fingerprint;
      if (isBeginning) this.markLetter(sink, record);
      else this.foreignLetters[sink] += 1;
    }
  }

  private markLetter(sink: SinkName, record: number): void {
    this.mark(record, sink === GROUPS.hdfsSink ? FLAGS.hdfsLetter : FLAGS.esLetter);
    if (this.has(record, FLAGS.judged)) this.hourOf(record).deadLetters[sink] += 1;
  }

  /** @param place where the row lies, for people. */
  addRow(row: Buffer, place: string): void {
    const stored = this.lines.read(row);
    if (stored === undefined) {
      breakPromise(this.elsewhere, 'invented');
      this.findings.add(GROUPS.hdfsSink, 'invented', { detail: `a row without lineage in ${place}` });
      return;
    }
    const record = this.recordAt(stored.partition, stored.offset, `row in ${place}`);
    if (record === undefined) return;
    this.mark(record, this.has(record, FLAGS.row) ? FLAGS.rowAgain : FLAGS.row);
    if (stored.fingerprint !== this.fingerprints[record]) this.mark(record, FLAGS.rowDamaged);
    if (this.has(record, FLAGS.judged)) this.hourOf(record, stored.partition).rows += 1;
  }

  /** @param index where the document lies, for people. */
  addDocument(id: string, source: Buffer, index: string): void {
    const hash = hashId(id);
    const first = this.ids.find(hash);
    if (first >= 0) this.mark(first, this.has(first, FLAGS.idStored) ? FLAGS.idStoredAgain : FLAGS.idStored);
    const stored = this.lines.read(source);
    const place = stored ? this.offsets.place(stored.partition, stored.offset) : 'unknown';
    if (place === 'expired' || place === 'later') {
      if (first < 0) this.notJudged[place] += 1;
      return;
    }
    const isRecord = place !== 'unknown' && this.has(place, FLAGS.known | FLAGS.hasId);
    if (isRecord && this.ids.carries(place, hash)) return this.addContent(place, source, stored?.fingerprint);
    this.addStray(first, id, { ...stored, detail: `document in ${index}` });
  }

  /** Whether Kafka has to be read again: a document's bytes differ, or an id is there more than once. */
  get needsSecondLook(): boolean {
    return this.suspects > 0 || this.cutLetters.size > 0 || this.copies.isExpecting;
  }

  /** Takes each record a second time. Its document may have other bytes and equal fields; copies may differ in content. */
  lookAgain(partition: number, { offset, value }: LoggedRecord): void {
    const record = this.offsets.place(partition, offset);
    if (typeof record !== 'number' || value === null || !this.has(record, FLAGS.known)) return;
    this.compareCutLetters(record, value);
    this.compareSuspect(record, value);
    if (!this.has(record, FLAGS.hasId)) return;
    // What es-sink refused is in Kafka and in HDFS, and cannot be what Elasticsearch shows.
    this.copies.add(this.ids.firstOf(record), value, {
      record,
      isDocument: this.has(record, FLAGS.document),
      isEligible: !this.has(record, FLAGS.esLetter) && this.isCommitted(GROUPS.esSink, record),
    });
  }

  protected compareSuspect(record: number, value: Buffer): void {
    const isSuspect = this.has(record, FLAGS.documentSuspect);
    if (isSuspect && canonicalFingerprint(value) !== this.suspectContents?.[record]) {
      this.mark(record, FLAGS.documentDamaged);
    }
  }

  /** What is wrong and belongs to no hour. */
  readonly elsewhere = { conserved: true, unique: true, intact: true };

  has(record: number, flags: number): boolean {
    return (this.flags[record]! & flags) === flags;
  }

  mark(record: number, flag: number): void {
    this.flags[record]! |= flag;
  }

  hourOf(record: number, partition = this.offsets.partitionOf(record)): HourCounts {
    return this.hours.row(partition, this.appendHours[record]!);
  }

  report(sink: SinkName, kind: FindingKind, record: number, detail: string): void {
    breakPromise(this.hourOf(record), kind);
    this.findings.add(sink, kind, { ...this.offsets.origin(record), detail });
  }

  /** A record that a store has not: lost once its sink has committed it. @returns whether it is lost. */
  reportAbsent(sink: SinkName, record: number, detail: string): boolean {
    if (this.isCommitted(sink, record)) {
      this.report(sink, 'lost', record, detail);
      return true;
    }
    this.hourOf(record).waiting[sink] += 1;
    if (!this.has(record, FLAGS.underWay)) this.underWay += 1;
    this.mark(record, FLAGS.underWay);
    return false;
  }

  isCommitted(sink: SinkName, record: number): boolean {
    const { partition, offset } = this.offsets.origin(record);
    return offset < (this.commits.get(sink)?.get(partition) ?? 0n);
  }

  protected addContent(record: number, source: Buffer, fingerprint: Fingerprint | undefined): void {
    this.mark(record, FLAGS.document);
    if (this.has(record, FLAGS.judged)) this.hourOf(record).documents += 1;
    if (fingerprint === this.fingerprints[record]) return;
    this.suspectContents ??= new Uint32Array(this.offsets.size);
    this.suspectContents[record] = canonicalFingerprint(source);
    this.mark(record, FLAGS.documentSuspect);
    this.suspects += 1;
  }

  /** A document whose lineage does not lead to a record with its id. */
  private addStray(
    first: number,
    eventId: string,
    origin: { partition?: number; offset?: number; detail: string },
  ): void {
    if (first >= 0 && !this.has(first, FLAGS.judged)) return;
    const { partition, offset, detail } = origin;
    const where = partition === undefined || offset === undefined ? {} : { partition, offset };
    const kind = first < 0 ? 'invented' : 'damaged';
    breakPromise(first < 0 ? this.elsewhere : this.hourOf(first), kind);
    const what = first < 0 ? detail : `the lineage of the ${detail} leads to another record`;
    this.findings.add(GROUPS.esSink, kind, { ...where, eventId, detail: what });
  }

  /** The record of a row; what Kafka never had is an invention, what it has no longer or not yet is not judged. */
  private recordAt(partition: number, offset: number, what: string): number | undefined {
    const place = this.offsets.place(partition, offset);
    if (place === 'expired' || place === 'later') this.notJudged[place] += 1;
    else if (place === 'unknown' || !this.has(place, FLAGS.known)) {
      if (place !== 'unknown' && this.isCompacted) {
        this.notJudged.expired += 1;
        return undefined;
      }
      breakPromise(this.elsewhere, 'invented');
      this.findings.add(GROUPS.hdfsSink, 'invented', { partition, offset, detail: what });
    } else return place;
    return undefined;
  }
}
