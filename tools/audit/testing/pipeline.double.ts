import { type ProvedHour, type ProvedPartition, type SinkName } from '@pipeline/event-schema';
import { type PartitionExtent } from '@pipeline/kafka-transport';
import { type DeadLetter, type Ledger, type LoggedRecord } from '../src/ledger/ledger.ts';
import { StoredLineReader } from '../src/ledger/stored-line.ts';
import { MemorySources } from './sources.double.ts';
import {
  type FollowedKafka,
  type LetterPlace,
  type Position,
  type RecordRange,
} from '../src/follow/followed-kafka.ts';
import { type FollowedStore, type StepWindow, type Window } from '../src/follow/followed-store.ts';
import { HitsInStep } from '../src/follow/hits-in-step.ts';
import { type ProofLog } from '../src/follow/proof-log.ts';
import { RowsInStep } from '../src/follow/rows-in-step.ts';

const LINE_END = Buffer.from('\n');

/** A pipeline in memory, as the continuous audit sees it: whatever a test puts into its parts. */
export class MemoryPipeline implements FollowedKafka, ProofLog {
  readonly sources: MemorySources;
  /** Ranges of records that were read. */
  readonly reads: RecordRange[] = [];
  /** How often something was kept. */
  saves = 0;
  /** How many looks began. */
  looks = 0;
  /** How often it was asked how far the dead letters reach. */
  letterAsks = 0;
  /** How many windows were proved without a ledger. */
  inStep = 0;
  /** How many letters were read. */
  lettersRead = 0;
  private readonly kept = new Map<string, ProvedPartition & ProvedHour>();
  private readonly lines: StoredLineReader;

  constructor(readonly topic: string) {
    this.sources = new MemorySources(topic);
    this.lines = new StoredLineReader(topic);
  }

  readonly hdfs: FollowedStore = {
    name: 'hdfs',
    maxRecords: 3,
    begin: () => void (this.looks += 1),
    readInStep: ({ records, lineage }: StepWindow) => {
      const rows = this.rowsOf(records);
      const steps = new RowsInStep(records, lineage);
      const isInStep = rows.every((row) => steps.take(row) && steps.take(LINE_END));
      if (!isInStep || !steps.isComplete) return Promise.resolve(undefined);
      this.inStep += 1;
      return Promise.resolve(bytesOf(rows));
    },
    read: (window: Window, ledger: Ledger) => {
      const rows = this.rowsOf(window);
      for (const row of rows) ledger.addRow(row, 'file');
      return Promise.resolve(bytesOf(rows));
    },
    measure: (hours) => Promise.resolve(hours.map((hour) => bytesOf(this.rowsOf(hour)))),
  };

  readonly elasticsearch: FollowedStore = {
    name: 'elasticsearch',
    maxRecords: 3,
    begin: () => void (this.looks += 1),
    readInStep: ({ records, texts, lineage }: StepWindow) => {
      const [from, to] = [0, records.count];
      const ids = JSON.parse(`[${texts!.idList(from, to).toString()}]`) as string[];
      const hits = new HitsInStep();
      hits.expect({ texts: texts!, records, lineage, from, to });
      hits.append(this.answerFor(new Set(ids)));
      if (!hits.end()) return Promise.resolve(undefined);
      this.inStep += 1;
      return Promise.resolve(to);
    },
    read: (window: Window, ledger: Ledger) => {
      const naming = this.documentsNaming(window);
      for (const document of this.sources.storedDocuments) {
        const isWanted = window.ids.includes(document.id) || (window.isThorough && naming.includes(document));
        if (isWanted) ledger.addDocument(document.id, document.source, document.index);
      }
      return Promise.resolve(ledger.hours.list().reduce((sum, { documents }) => sum + documents, 0));
    },
    measure: (hours) => Promise.resolve(hours.map((hour) => this.documentsNaming(hour).length)),
  };

  async position(sink: SinkName): Promise<Position> {
    const askedAtMs = Date.now();
    const committed = await this.sources.committed(sink);
    return { askedAtMs, committed, extents: await this.sources.extents() };
  }

  read(range: RecordRange, onRecord: (record: LoggedRecord) => void): Promise<void> {
    this.reads.push(range);
    for (const record of this.sources.partitions.get(range.partition) ?? []) {
      if (isIn(Number(record.offset), range)) onRecord(record);
    }
    return Promise.resolve();
  }

  letterExtents(sink: SinkName): Promise<PartitionExtent[]> {
    this.letterAsks += 1;
    const endOffset = BigInt(this.sources.letters[sink].length);
    return Promise.resolve([{ partition: 0, startOffset: 0n, endOffset }]);
  }

  readDeadLetters(
    sink: SinkName,
    extents: readonly PartitionExtent[],
    onLetter: (letter: DeadLetter, place: LetterPlace) => void,
  ): Promise<void> {
    for (const { partition, startOffset, endOffset } of extents) {
      for (let offset = startOffset; offset < endOffset; offset += 1n) {
        this.lettersRead += 1;
        onLetter(this.sources.letters[sink][Number(offset)]!, { partition, offset });
      }
    }
    return Promise.resolve();
  }

  load(): Promise<(ProvedPartition & ProvedHour)[]> {
    return Promise.resolve([...this.kept.values()].map((hour) => structuredClone(hour)));
  }

  save(hours: readonly (ProvedPartition & ProvedHour)[]): Promise<void> {
    this.saves += 1;
    for (const hour of hours) this.kept.set(keyOf(hour, hour), structuredClone(hour));
    return Promise.resolve();
  }

  forget(partition: ProvedPartition, hour: ProvedHour): Promise<void> {
    this.kept.delete(keyOf(partition, hour));
    return Promise.resolve();
  }

  /** As Elasticsearch answers a search by ids that is sorted by offset. */
  private answerFor(ids: ReadonlySet<string>): Buffer {
    const hits = this.sources.storedDocuments
      .filter(({ id }) => ids.has(id))
      .map((document) => ({ ...document, offset: this.lines.read(document.source)?.offset ?? null }))
      .sort((a, b) => (a.offset ?? Infinity) - (b.offset ?? Infinity))
      .map(
        ({ index, id, source, offset }) =>
          `{"_index":"${index}","_id":${JSON.stringify(id)},"_score":null,"_source":${source.toString('latin1')},"sort":[${offset}]}`,
      );
    return Buffer.from(`{"took":1,"hits":{"max_score":null,"hits":[${hits.join()}]}}`, 'latin1');
  }

  private rowsOf(range: RecordRange): Buffer[] {
    return this.sources.storedRows.filter((row) => this.names(row, range));
  }

  private documentsNaming(range: RecordRange) {
    return this.sources.storedDocuments.filter(({ source }) => this.names(source, range));
  }

  private names(line: Buffer, range: RecordRange): boolean {
    const stored = this.lines.read(line);
    return stored !== undefined && stored.partition === range.partition && isIn(stored.offset, range);
  }
}

function isIn(offset: number, { startOffset, nextOffset }: RecordRange): boolean {
  return offset >= startOffset && offset < nextOffset;
}

function bytesOf(rows: readonly Buffer[]): number {
  return rows.reduce((sum, { length }) => sum + length, 0);
}

function keyOf({ store, partition }: ProvedPartition, { startOffset }: ProvedHour): string {
  return `${store}/${partition}/${startOffset}`;
}
