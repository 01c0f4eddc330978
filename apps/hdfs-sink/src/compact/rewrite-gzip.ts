import { randomUUID } from 'node:crypto';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { type FileAttributes } from '../hdfs/file-attributes.ts';
import { FileStoreError } from '../hdfs/file-store-error.ts';
import { type JoiningFileStore } from '../hdfs/file-store.ts';
import { type ChainId, stagingPath } from '../chain/file-name.ts';
import { type CompactionLock } from './compaction-lock.ts';

const CHUNK_BYTES = 8 << 20;
const NEWLINE = 0x0a;

/** A compressed file that was put together of several. */
export interface Pieced {
  readonly path: string;
  readonly startOffset: bigint;
  readonly attributes: FileAttributes;
}

/**
 * Writes a compressed file anew as one gzip stream, and puts it in its own place at once. Some readers (Trino before
 * 2023) lose rows of files that are made of hundreds of streams.
 * @throws FileStoreError `truncated` when the file does not hold the rows that it says; CompactionLockedError
 */
export async function rewriteGzip(
  store: JoiningFileStore,
  chain: ChainId,
  file: Pieced,
  lock: CompactionLock,
): Promise<void> {
  const { path, startOffset } = file;
  const { pieces: _, ...attributes } = file.attributes;
  const staged = stagingPath(chain, startOffset, randomUUID());
  try {
    const { bytes, lines } = await recompress(store, path, staged);
    if (lines !== attributes.records)
      throw new FileStoreError('truncated', `${path} holds ${lines} of ${attributes.records} rows`);
    await store.seal(staged, bytes, attributes);
    await lock.renew();
    await store.replace(staged, path);
  } catch (error) {
    await store.remove(staged).catch(() => undefined);
    throw error;
  }
}

async function recompress(store: JoiningFileStore, from: string, to: string) {
  let lines = 0;
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) lines += 1;
      done(null, chunk);
    },
  });
  await pipeline(
    Readable.from(store.read(from)),
    createGunzip(),
    counted,
    createGzip(),
    async (compressed: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks(compressed)) {
        await (bytes === 0 ? store.writeNew(to, chunk) : store.grow(to, chunk));
        bytes += chunk.length;
      }
    },
  );
  return { bytes, lines };
}

async function* chunks(source: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  let parts: Buffer[] = [];
  let length = 0;
  for await (const part of source) {
    parts.push(part);
    length += part.length;
    if (length < CHUNK_BYTES) continue;
    yield Buffer.concat(parts);
    parts = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(parts);
}
