import { type FileAttributes } from '../hdfs/file-attributes.ts';
import { type FileStore } from '../hdfs/file-store.ts';
import { type ChainId, finalPath, startOffsetOf } from './file-name.ts';
import { describedFile } from './described-file.ts';

/** A place of a chain: the hour's folder and the offset that a file would start at. */
export interface Place {
  readonly startOffset: bigint;
  readonly hour: number;
}

/**
 * A file that holds `startOffset` without starting there, which only compaction makes: the file with the greatest name
 * up to it in its hour, if it ends behind it.
 */
export async function coveringFile(
  store: FileStore,
  chain: ChainId,
  { startOffset, hour }: Place,
): Promise<FileAttributes | undefined> {
  const folder = finalPath(chain, startOffset, hour, 'none').replace(/\/[^/]+$/, '');
  let nearest: { readonly name: string; readonly start: bigint } | undefined;
  for (const { kind, name } of await store.list(folder)) {
    const start = kind === 'file' ? startOffsetOf(chain, name) : undefined;
    if (start === undefined || start > startOffset || (nearest && start < nearest.start)) continue;
    nearest = { name, start };
  }
  const file = nearest && (await describedFile(store, `${folder}/${nearest.name}`));
  return file && file.endOffset >= startOffset ? file : undefined;
}
