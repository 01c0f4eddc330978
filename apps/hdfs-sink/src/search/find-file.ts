import { type FileStore } from '../hdfs/file-store.ts';
import { type ChainId, hourDirectory, hourOf, startOffsetOf, topicDirectory } from '../chain/file-name.ts';

/** A record of a chain, and when the collector received its event. */
export interface SoughtRecord {
  readonly chain: ChainId;
  readonly offset: bigint;
  readonly receivedMs: number;
}

/**
 * The published file that holds a record, or nothing. A file lies in the folder of the hour in which its first record
 * was appended: that of the receipt, or the next one, or a later one for what waited in a spool. At most three folders
 * are listed, and in each the one file is asked whose range can hold the offset.
 * @throws FileStoreError
 */
export async function findFile(
  store: FileStore,
  { chain, offset, receivedMs }: SoughtRecord,
  nowMs = Date.now(),
): Promise<string | undefined> {
  const received = hourOf(receivedMs);
  for (const hour of new Set([received, received + 1, hourOf(nowMs)])) {
    const directory = `${topicDirectory(chain)}/${hourDirectory(hour)}`;
    const name = await lastStartingBefore(store, directory, chain, offset);
    if (name === undefined) continue;
    const file = await store.describe(`${directory}/${name}`);
    if (file?.attributes && file.attributes.endOffset >= offset) return `${directory}/${name}`;
  }
  return undefined;
}

/** Offsets have a fixed width in names, so the greatest of the names before is the nearest. */
async function lastStartingBefore(store: FileStore, directory: string, chain: ChainId, offset: bigint) {
  const entries = await store.list(directory);
  const before = entries.filter(({ name }) => {
    const start = startOffsetOf(chain, name);
    return start !== undefined && start <= offset;
  });
  return before
    .map(({ name }) => name)
    .sort()
    .at(-1);
}
