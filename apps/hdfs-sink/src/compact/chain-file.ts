import { type FileAttributes } from '../hdfs/file-attributes.ts';
import { type DirectoryEntry, type FileStore } from '../hdfs/file-store.ts';
import { describedFile } from '../chain/chain-look.ts';
import { type ChainId, type FileCompression, compressionOf, startOffsetOf } from '../chain/file-name.ts';

/** A published file of a chain with everything that decides whether it can be joined. */
export interface ChainFile {
  readonly path: string;
  readonly startOffset: bigint;
  readonly bytes: number;
  readonly compression: FileCompression;
  readonly attributes: FileAttributes;
}

const CONCURRENT_LOOKS = 16;

/**
 * The files of a chain in a folder, in the order of their offsets.
 * @throws PartitionHaltedError when one does not say which offsets it holds.
 */
export async function chainFiles(
  store: FileStore,
  chain: ChainId,
  folder: string,
  entries: readonly DirectoryEntry[],
): Promise<ChainFile[]> {
  const names = entries
    .filter(({ kind, name }) => kind === 'file' && startOffsetOf(chain, name) !== undefined)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const files: ChainFile[] = [];
  for (let at = 0; at < names.length; at += CONCURRENT_LOOKS) {
    const looks = names.slice(at, at + CONCURRENT_LOOKS).map(async ({ name, bytes }) => {
      const path = `${folder}/${name}`;
      const attributes = await describedFile(store, path);
      const startOffset = startOffsetOf(chain, name)!;
      return attributes && { path, startOffset, bytes, compression: compressionOf(name), attributes };
    });
    files.push(...(await Promise.all(looks)).filter((file) => file !== undefined));
  }
  return files;
}
