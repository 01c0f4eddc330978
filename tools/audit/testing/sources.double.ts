import { LineageAppender, ofEachSink, type SinkName } from '@pipeline/event-schema';
import { type KafkaRecord, type PartitionExtent } from '@pipeline/kafka-transport';
import { type DeadLetter } from '../src/ledger/ledger.ts';
import { type DocumentStore } from '../src/sources/document-store.ts';
import { type KafkaLog } from '../src/sources/kafka-log.ts';
import { type RowStore } from '../src/sources/row-store.ts';

export interface MemoryDocument {
  id: string;
  source: Buffer;
  index: string;
}

/** The record's row as hdfs-sink writes it, which is the document's source too. */
export function storedLine(topic: string, partition: number, { value, offset }: KafkaRecord): Buffer {
  return new LineageAppender(topic, partition).append(value ?? Buffer.from('{}'), String(offset));
}

/** A pipeline in memory: whatever a test puts into its parts. */
export class MemorySources implements KafkaLog {
  readonly partitions = new Map<number, KafkaRecord[]>();
  readonly letters: Record<SinkName, DeadLetter[]> = ofEachSink(() => []);
  readonly storedRows: Buffer[] = [];
  readonly storedDocuments: MemoryDocument[] = [];
  /** What a sink has committed, by partition; where nothing is said, everything. */
  readonly commits: Record<SinkName, Map<number, bigint>> = ofEachSink(() => new Map());
  /** Answers of `committed` before those, one a call. */
  readonly earlierCommits: Map<number, bigint>[] = [];
  /** Log starts that retention has moved. */
  readonly logStarts = new Map<number, bigint>();
  /** Happens after the first look at Kafka and before the stores are looked at. */
  meanwhile: () => void = () => undefined;
  reads = 0;

  readonly rows: RowStore = {
    snapshot: () => {
      const rows = [...this.storedRows];
      return Promise.resolve((onRow) => Promise.resolve(rows.forEach((row) => onRow(row, 'file'))));
    },
  };

  readonly documents: DocumentStore = {
    snapshot: () => {
      const documents = [...this.storedDocuments];
      return Promise.resolve((onDocument) =>
        Promise.resolve(documents.forEach(({ id, source, index }) => onDocument(id, source, index))),
      );
    },
  };

  constructor(private readonly topic: string) {}

  /** A record, stored in both stores unless told otherwise. */
  add(partition: number, record: KafkaRecord, stored: { row?: boolean; document?: boolean } = {}): void {
    this.partitions.set(partition, [...(this.partitions.get(partition) ?? []), record]);
    const line = storedLine(this.topic, partition, record);
    if (stored.row ?? true) this.storedRows.push(line);
    if (!(stored.document ?? true)) return;
    const { event_id: id } = JSON.parse(record.value?.toString() ?? '{}') as { event_id: string };
    this.storedDocuments.push({ id, source: line, index: `${this.topic}-2026.11.22` });
  }

  extents(): Promise<PartitionExtent[]> {
    const extents = [...this.partitions].map(([partition, records]) => ({
      partition,
      startOffset: this.logStarts.get(partition) ?? BigInt(records[0]?.offset ?? 0),
      endOffset: BigInt(records.at(-1)?.offset ?? -1) + 1n,
    }));
    return Promise.resolve(extents);
  }

  read(onRecord: (partition: number, record: KafkaRecord) => void): Promise<void> {
    this.reads += 1;
    for (const [partition, records] of this.partitions) {
      const start = this.logStarts.get(partition) ?? 0n;
      for (const record of records) if (BigInt(record.offset) >= start) onRecord(partition, record);
    }
    this.meanwhile();
    this.meanwhile = () => undefined;
    return Promise.resolve();
  }

  readDeadLetters(sink: SinkName, onLetter: (letter: DeadLetter) => void): Promise<void> {
    this.letters[sink].forEach(onLetter);
    return Promise.resolve();
  }

  async committed(sink: SinkName): Promise<ReadonlyMap<number, bigint>> {
    const earlier = this.earlierCommits.shift();
    if (earlier !== undefined) return earlier;
    const ends = (await this.extents()).map(({ partition, endOffset }) => [partition, endOffset] as const);
    return new Map([...ends, ...this.commits[sink]]);
  }
}
