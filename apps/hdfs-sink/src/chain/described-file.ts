import { PartitionHaltedError } from '@pipeline/sink-runtime';
import { type FileAttributes } from '../hdfs/file-attributes.ts';
import { type FileStore } from '../hdfs/file-store.ts';

/**
 * The attributes of the file at `path`, or nothing when no file is there.
 * @throws PartitionHaltedError when the file does not say where it ends: going on would leave a hole or store twice.
 */
export async function describedFile(store: FileStore, path: string): Promise<FileAttributes | undefined> {
  const file = await store.describe(path);
  if (!file) return undefined;
  if (!file.attributes)
    throw new PartitionHaltedError('unreadable-file', `${path} does not say which offsets it holds`);
  return file.attributes;
}
