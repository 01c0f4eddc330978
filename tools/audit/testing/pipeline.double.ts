import { type KafkaRecord, type PartitionExtent } from '@pipeline/kafka-transport';
import { type DeadLetter, type Ledger } from '../src/ledger/ledger.ts';
import { StoredLineReader } from '../src/ledger/stored-line.ts';
import { type SinkName } from '../src/report/findings.ts';
import { MemorySources } from './sources.double.ts';
import { type FollowedKafka, type LetterPlace, type RecordRange } from '../src/follow/followed-kafka.ts';
import { type FollowedStore, type Window } from '../src/follow/followed-store.ts';
import { type ProofLog } from '../src/follow/proof-log.ts';
import { type ProvedHour, type ProvedPartition } from '../src/follow/proved-hour.ts';

/** A pipeline in memory, as the continuous audit sees it: whatever a test puts into its parts. */
export class MemoryPipeline implements FollowedKafka, ProofLog {
  readonly sources: MemorySources;
  /** Ranges of records that were read. */
  readonly reads: RecordRange[] = [];
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
    read: (window: Window, ledger: Ledger) => {
      const rows = this.rowsOf(window);
      for (const row of rows) ledger.addRow(row, 'file');
      return Promise.resolve(bytesOf(rows));
    },
    measure: (range) => Promise.resolve(bytesOf(this.rowsOf(range))),
  };

  readonly elasticsearch: FollowedStore = {
    name: 'elasticsearch',
    maxRecords: 3,
    read: (window: Window, ledger: Ledger) => {
      const naming = this.documentsNaming(window);
      for (const document of this.sources.storedDocuments) {
        const isWanted = window.ids.includes(document.id) || (window.isThorough && naming.includes(document));
        if (isWanted) ledger.addDocument(document.id, document.source, document.index);
      }
      return Promise.resolve(ledger.hours.list().reduce((sum, { documents }) => sum + documents, 0));
    },
    measure: (range) => Promise.resolve(this.documentsNaming(range).length),
  };

  extents(): Promise<PartitionExtent[]> {
    return this.sources.extents();
  }

  committed(sink: SinkName): Promise<ReadonlyMap<number, bigint>> {
    return this.sources.committed(sink);
  }

  read(range: RecordRange, onRecord: (record: KafkaRecord) => void): Promise<void> {
    this.reads.push(range);
    for (const record of this.sources.partitions.get(range.partition) ?? []) {
      if (isIn(Number(record.offset), range)) onRecord(record);
    }
    return Promise.resolve();
  }

  readDeadLetters(
    sink: SinkName,
    from: ReadonlyMap<number, bigint>,
    onLetter: (letter: DeadLetter, place: LetterPlace) => void,
  ): Promise<Map<number, bigint>> {
    const letters = this.sources.letters[sink];
    for (let at = Number(from.get(0) ?? 0); at < letters.length; at += 1) {
      this.lettersRead += 1;
      onLetter(letters[at]!, { partition: 0, offset: BigInt(at) });
    }
    return Promise.resolve(new Map([[0, BigInt(letters.length)]]));
  }

  load(): Promise<(ProvedPartition & ProvedHour)[]> {
    return Promise.resolve([...this.kept.values()].map((hour) => structuredClone(hour)));
  }

  save(partition: ProvedPartition, hour: ProvedHour): Promise<void> {
    this.kept.set(keyOf(partition, hour), structuredClone({ ...partition, ...hour }));
    return Promise.resolve();
  }

  forget(partition: ProvedPartition, hour: ProvedHour): Promise<void> {
    this.kept.delete(keyOf(partition, hour));
    return Promise.resolve();
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
