import { type Ledger } from '../ledger/ledger.ts';
import { isPublished, readChunks, readRows } from '../sources/read-rows.ts';
import { type WebHdfsClient } from '../sources/web-hdfs-client.ts';
import { type RecordRange } from './followed-kafka.ts';
import { type FollowedStore, type HourRange, type StepWindow, type Window } from './followed-store.ts';
import { RowsInStep } from './rows-in-step.ts';

const HOUR_MS = 3_600_000;

/** Files that may hold rows of any partition: their names are not hdfs-sink's. */
const FOREIGN = -1;

interface File {
  readonly path: string;
  /** The first offset that it may hold, by its name; -1 where the name is not hdfs-sink's. */
  readonly start: number;
  /** Where the next file of the partition in the folder starts. */
  readonly end: number;
  readonly bytes: number;
}

/**
 * The files of one topic: which of them may hold a window follows from their names, what they hold from reading them
 * once. Their sizes are the measure: published files never change, and compaction keeps the sum of plain ones.
 */
export class WebHdfsFollowedStore implements FollowedStore {
  readonly name = 'hdfs';
  /** A file of 128 MiB has fewer rows as a rule: so it is read once. */
  readonly maxRecords = 500_000;
  /** Of this look, by folder and partition: the partitions of a topic share their folders. */
  private readonly listings = new Map<string, ReadonlyMap<number, readonly File[]>>();

  constructor(
    private readonly client: WebHdfsClient,
    private readonly root: string,
    private readonly topic: string,
  ) {}

  begin(): void {
    this.listings.clear();
  }

  async readInStep({ records, lineage }: StepWindow): Promise<number | undefined> {
    const files = await this.files(records);
    const wanted = files.filter((file) => mayHold(file, records)).sort((a, b) => a.start - b.start);
    const isPlain = ({ path, start }: File) => start >= records.startOffset && !path.endsWith('.gz');
    if (!wanted.every(isPlain)) return undefined;
    const rows = new RowsInStep(records, lineage);
    for (const { path } of wanted) {
      const isInStep = await readChunks(this.client, path, (chunk) => rows.take(chunk));
      if (!isInStep || !rows.end()) return undefined;
    }
    return rows.isComplete ? bytesOf(files, records) : undefined;
  }

  async read(window: Window, ledger: Ledger): Promise<number> {
    const files = await this.files(window);
    for (const file of files) {
      if (!mayHold(file, window)) continue;
      const { path } = file;
      await readRows(this.client, path, (row) => ledger.addRow(row, path));
    }
    return bytesOf(files, window);
  }

  async measure(hours: readonly HourRange[]): Promise<number[]> {
    const measures: number[] = [];
    for (const hour of hours) measures.push(bytesOf(await this.files(hour), hour));
    return measures;
  }

  /** What readers find in the folder of an hour and may hold rows of the partition. A foreign name may hold any. */
  private async files({ partition, hour }: HourRange): Promise<readonly File[]> {
    const iso = new Date(hour * HOUR_MS).toISOString();
    const folder = `${this.root}/${this.topic}/dt=${iso.slice(0, 10)}/hour=${iso.slice(11, 13)}`;
    const listing = this.listings.get(folder) ?? (await this.list(folder));
    return [...(listing.get(partition) ?? []), ...(listing.get(FOREIGN) ?? [])];
  }

  private async list(folder: string): Promise<ReadonlyMap<number, readonly File[]>> {
    const byPartition = new Map<number, File[]>();
    for (const { type, pathSuffix, length } of await this.client.list(folder)) {
      if (type !== 'FILE' || !isPublished(pathSuffix)) continue;
      const [, topic, of, start] = /^(.+)-p(\d+)-(\d{20})\.jsonl(\.gz)?$/.exec(pathSuffix) ?? [];
      const isOurs = topic === this.topic;
      const key = isOurs ? Number(of) : FOREIGN;
      const files = byPartition.get(key) ?? [];
      files.push({
        path: `${folder}/${pathSuffix}`,
        start: isOurs ? Number(start) : FOREIGN,
        end: Infinity,
        bytes: length,
      });
      byPartition.set(key, files);
    }
    const listing = new Map([...byPartition].map(([key, files]) => [key, withEnds(files)]));
    this.listings.set(folder, listing);
    return listing;
  }
}

/** Each up to where the next one starts that does not start with it. */
function withEnds(files: readonly File[]): readonly File[] {
  const starts = files.map(({ start }) => start).sort((a, b) => a - b);
  const ends = new Map(starts.map((start, at) => [start, starts[at + 1] ?? Infinity]));
  return files.map((file) => (file.start === FOREIGN ? file : { ...file, end: ends.get(file.start)! }));
}

function mayHold({ start, end }: File, { startOffset, nextOffset }: RecordRange): boolean {
  return start < nextOffset && end > startOffset;
}

/** A file of a foreign name belongs to no window: it makes a measure differ, and the hour is proved anew with its rows. */
function bytesOf(files: readonly File[], { startOffset, nextOffset }: RecordRange): number {
  return files
    .filter(({ start }) => start < 0 || (start >= startOffset && start < nextOffset))
    .reduce((sum, { bytes }) => sum + bytes, 0);
}
