import { type JoiningFileStore } from '../hdfs/file-store.ts';
import { type ChainId, stagedOffsetOf, stagingDirectory } from '../chain/file-name.ts';
import { type CompactionLock } from './compaction-lock.ts';
import { type Join } from './plan-joins.ts';

/**
 * Makes one file of several, in steps that may end after any of them:
 *
 * 1. the first file says that it reaches to the end of the last: whoever looks for the end of the chain finds it,
 *    whether the others are still there or not;
 * 2. staging files of these places are removed: a rename that is still on its way finds nothing to rename;
 * 3. the others are joined to the first, at once for every reader;
 * 4. files without rows, which the store does not join, are removed.
 *
 * A join that ended after step 1 or 3 is planned again by the next run.
 * @throws FileStoreError; CompactionLockedError
 */
export async function joinFiles(
  store: JoiningFileStore,
  chain: ChainId,
  { target, sources, attributes }: Join,
  lock: CompactionLock,
): Promise<void> {
  await lock.renew();
  if (attributes !== target.attributes) await store.relabel(target.path, attributes);
  await removeStaged(store, chain, target.startOffset, attributes.endOffset);
  const filled = sources.filter(({ bytes }) => bytes > 0);
  if (filled.length > 0) {
    await lock.renew();
    await store.join(
      target.path,
      filled.map(({ path }) => path),
    );
  }
  for (const { path, bytes } of sources) if (bytes === 0) await store.remove(path);
}

/** Removes staging files that were to become files behind `start` and up to `end`. */
async function removeStaged(store: JoiningFileStore, chain: ChainId, start: bigint, end: bigint) {
  const directory = stagingDirectory(chain.root);
  for (const { name } of await store.list(directory)) {
    const offset = stagedOffsetOf(chain, name);
    if (offset !== undefined && offset > start && offset <= end) await store.remove(`${directory}/${name}`);
  }
}
