import { type PartitionAssignment } from '@pipeline/kafka-transport';
import { type FileAttributes } from '../hdfs/file-attributes.ts';
import { type FileStore } from '../hdfs/file-store.ts';
import { describedFile } from './chain-look.ts';
import {
  type ChainId,
  pointerOffsetOf,
  pointerPath,
  stagingDirectory,
  startOffsetOf,
  topicDirectory,
} from './file-name.ts';

/** Where a partition's chain of files continues. */
export interface ChainEnd {
  /** The next file starts here; every record before it is stored or was dead-lettered. */
  readonly nextOffset: bigint;
  /**
   * Latest append time in the files that told us so. A record before `nextOffset` that was appended later is not one
   * of theirs: the topic was made anew. Missing when no file was seen, and then nothing is taken for stored.
   */
  readonly maxTimestampMs: number | undefined;
}

/** The end after one more file. Append times may run back a little when a partition's leader moves, hence the maximum. */
export function endAfter(
  end: ChainEnd | undefined,
  file: { readonly endOffset: bigint; readonly maxTimestampMs: number },
): ChainEnd {
  return {
    nextOffset: file.endOffset + 1n,
    maxTimestampMs: Math.max(end?.maxTimestampMs ?? 0, file.maxTimestampMs),
  };
}

export interface RecoveryOptions {
  readonly store: FileStore;
  readonly chain: ChainId;
  /** Where the first range of the assignment starts. */
  readonly startOffset: bigint;
  /** Whether `startOffset` is what this pipeline committed, after a range that it had made durable. */
  readonly trusted: boolean;
}

/**
 * Where the chain goes on for a writer that is handed `startOffset`.
 *
 * What we committed ourselves is the end of a file, unless a pointer says where the chain really stood: one status
 * call. Any other start (no commit, a reset, an operator's move, records that expired) may lie in the middle of a
 * file, so the end of the chain is looked up by listing. Files that appeared since, or that a crash left behind the
 * commit, are found afterwards by name.
 */
export async function recoverChain({
  store,
  chain,
  startOffset,
  trusted,
}: RecoveryOptions): Promise<ChainEnd> {
  const here: ChainEnd = { nextOffset: startOffset, maxTimestampMs: undefined };
  if (!trusted) {
    const newest = await newestFile(store, chain);
    if (newest && newest.endOffset >= startOffset) return endAfter(undefined, newest);
  }
  const pointer = trusted
    ? await describedFile(store, pointerPath(chain, startOffset))
    : await nextPointer(store, chain, startOffset);
  if (!pointer) return here;
  const end = endAfter(undefined, pointer);
  // The listing is newer than a pointer to files that are not there any more.
  return trusted || end.nextOffset <= startOffset ? end : here;
}

/**
 * The first pointer at or behind `offset`: a start in a gap that such a pointer passes over is no place of the chain.
 */
async function nextPointer(
  store: FileStore,
  chain: ChainId,
  offset: bigint,
): Promise<FileAttributes | undefined> {
  const entries = await store.list(stagingDirectory(chain.root));
  let nearest: bigint | undefined;
  for (const { name } of entries) {
    const at = pointerOffsetOf(chain, name);
    if (at !== undefined && at >= offset && (nearest === undefined || at < nearest)) nearest = at;
  }
  return nearest === undefined ? undefined : describedFile(store, pointerPath(chain, nearest));
}

/** Whether a range that starts at `startOffset` continues what this pipeline itself has committed. */
export function isOurCommit(
  { committedByPipeline, committedOffset }: PartitionAssignment,
  startOffset: bigint,
): boolean {
  return committedByPipeline && committedOffset === startOffset;
}

/**
 * The last file of a chain, found by listing folders newest first. Folders are functions of append times, which do not
 * run back, so the first folder that holds a file of the partition holds its newest.
 */
async function newestFile(store: FileStore, chain: ChainId): Promise<FileAttributes | undefined> {
  const root = topicDirectory(chain);
  for (const day of await newestFirst(store, root, 'dt=')) {
    for (const hour of await newestFirst(store, `${root}/${day}`, 'hour=')) {
      const name = await newestName(store, `${root}/${day}/${hour}`, chain);
      if (name !== undefined) return describedFile(store, `${root}/${day}/${hour}/${name}`);
    }
  }
  return undefined;
}

async function newestFirst(store: FileStore, directory: string, prefix: string): Promise<string[]> {
  const entries = await store.list(directory);
  return entries
    .filter(({ kind, name }) => kind === 'directory' && name.startsWith(prefix))
    .map(({ name }) => name)
    .sort()
    .reverse();
}

/** Offsets have a fixed width in names, so the greatest name is the newest. */
async function newestName(store: FileStore, directory: string, chain: ChainId): Promise<string | undefined> {
  const entries = await store.list(directory);
  return entries
    .filter(({ kind, name }) => kind === 'file' && startOffsetOf(chain, name) !== undefined)
    .map(({ name }) => name)
    .sort()
    .at(-1);
}
