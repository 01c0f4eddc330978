import { type Logger } from '@pipeline/observability';
import { PartitionHaltedError } from '@pipeline/sink-runtime';
import { FileStoreError } from '../hdfs/file-store-error.ts';
import { type DirectoryEntry, type JoiningFileStore } from '../hdfs/file-store.ts';
import { type ChainId, pointerOffsetOf, stagingDirectory } from '../chain/file-name.ts';
import { type ChainFile, chainFiles } from './chain-file.ts';
import { closedHours } from './closed-hours.ts';
import { CompactionLock } from './compaction-lock.ts';
import { joinFiles } from './join-files.ts';
import { type Join, planJoins } from './plan-joins.ts';
import { rewriteGzip } from './rewrite-gzip.ts';

/** Shorter, a writer could still believe that a place is free that a joined file covers. */
export const MIN_QUIET_MS = 3_600_000;
/** A pointer is read in the first seconds of an assignment, so nobody reads one that the group passed so long ago. */
const POINTER_AGE_MS = 24 * 3_600_000;

export interface CompactionOptions {
  readonly root: string;
  readonly quietMs: number;
  readonly withinDays: number;
  readonly targetBytes: number;
  /** Say what would be done, and do nothing. */
  readonly dryRun: boolean;
  /** Set to stop between two joins. */
  readonly stopping: AbortSignal;
  readonly nowMs?: () => number;
}

/** What a topic's partitions have committed: offsets by partition. */
export type Commits = ReadonlyMap<number, bigint>;

export interface CompactionReport {
  /** Files that were there, in chains of which something was joined, and that are there now. */
  readonly before: number;
  readonly after: number;
  /** Chains of a folder that were left as they are, because of an error that was logged. */
  readonly failed: number;
}

/** Joins the small files of hours that are over, so that readers and the NameNode have fewer. */
export class Compaction {
  private before = 0;
  private after = 0;
  private failed = 0;

  constructor(
    private readonly store: JoiningFileStore,
    private readonly logger: Logger,
    private readonly options: CompactionOptions,
  ) {}

  /** @throws CompactionLockedError; FileStoreError when folders cannot be listed. */
  async run(topics: ReadonlyMap<string, Commits>): Promise<CompactionReport> {
    const { root, dryRun, nowMs = Date.now } = this.options;
    const lock = dryRun ? undefined : await CompactionLock.acquire(this.store, root, nowMs);
    try {
      for (const [topic, commits] of topics) {
        const folders = await closedHours(this.store, { ...this.options, topic, nowMs: nowMs() });
        for (const folder of folders) await this.compactFolder(topic, folder, commits, lock);
        if (lock) await this.removePassedPointers(topic, commits, lock);
      }
    } finally {
      await lock?.release();
    }
    const { before, after, failed } = this;
    return { before, after, failed };
  }

  private async compactFolder(topic: string, folder: string, commits: Commits, lock?: CompactionLock) {
    const entries = await this.store.list(folder);
    for (const [partition, committedOffset] of commits) {
      if (this.options.stopping.aborted) return;
      const chain = { root: this.options.root, topic, partition };
      try {
        await this.compactChain(chain, committedOffset, { folder, entries }, lock);
      } catch (error) {
        if (!(error instanceof FileStoreError || error instanceof PartitionHaltedError)) throw error;
        this.failed += 1;
        this.logger.error({ err: error, folder, partition }, 'files not joined');
      }
    }
  }

  private async compactChain(
    chain: ChainId,
    committedOffset: bigint,
    { folder, entries }: { folder: string; entries: readonly DirectoryEntry[] },
    lock?: CompactionLock,
  ): Promise<void> {
    const files = await chainFiles(this.store, chain, folder, entries);
    const joins = planJoins(files, { committedOffset, targetBytes: this.options.targetBytes });
    const joined = joins.reduce((sum, { sources }) => sum + sources.length, 0);
    if (lock) for (const join of joins) await joinFiles(this.store, chain, join, lock);
    if (lock) for (const file of pieced(files, joins)) await rewriteGzip(this.store, chain, file, lock);
    if (joined === 0) return;
    this.before += files.length;
    this.after += files.length - joined;
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const counts = { folder, partition: chain.partition, before: files.length, after: files.length - joined };
    this.logger.info({ ...counts, bytes }, lock ? 'files joined' : 'files would be joined');
  }

  /** A pointer serves whoever starts at its offset as the group's commit; the group has long gone on. */
  private async removePassedPointers(topic: string, commits: Commits, lock: CompactionLock): Promise<void> {
    const { root, nowMs = Date.now } = this.options;
    const directory = stagingDirectory(root);
    const isPassed = (name: string) =>
      [...commits].some(([partition, committedOffset]) => {
        const offset = pointerOffsetOf({ root, topic, partition }, name);
        return offset !== undefined && offset < committedOffset;
      });
    for (const { name, modifiedMs } of await this.store.list(directory)) {
      if (nowMs() - modifiedMs < POINTER_AGE_MS || !isPassed(name)) continue;
      await lock.renew();
      await this.store.remove(`${directory}/${name}`);
    }
  }
}

/** Compressed files that consist of several now, or did already when an earlier run was interrupted. */
function pieced(files: readonly ChainFile[], joins: readonly Join[]) {
  const sources = new Set(joins.flatMap((join) => join.sources));
  return files
    .filter((file) => !sources.has(file))
    .map((file) => ({
      ...file,
      attributes: joins.find(({ target }) => target === file)?.attributes ?? file.attributes,
    }))
    .filter(({ attributes }) => attributes.pieces !== undefined);
}
