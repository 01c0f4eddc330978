import { type FileAttributes } from '../hdfs/file-attributes.ts';
import { type FileStore } from '../hdfs/file-store.ts';
import { type ChainId, startOffsetOf, topicDirectory } from './file-name.ts';
import { describedFile } from './described-file.ts';

/**
 * The last file of a chain, found by listing folders newest first. Folders are functions of append times, which do not
 * run back, so the first folder that holds a file of the partition holds its newest.
 */
export async function newestFile(store: FileStore, chain: ChainId): Promise<FileAttributes | undefined> {
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
