import { type PartitionAssignment } from '@pipeline/kafka-transport';
import { type FileAttributes } from '../hdfs/file-attributes.ts';
import { type FileStore } from '../hdfs/file-store.ts';
import { type ChainId, pointerOffsetOf, pointerPath, stagingDirectory } from './file-name.ts';
import { type ChainEnd, endAfter } from './chain-end.ts';
import { describedFile } from './described-file.ts';
import { newestFile } from './newest-file.ts';

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
