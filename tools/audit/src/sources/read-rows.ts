import { finished, pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { AuditError } from '../audit-error.ts';
import { eachLine } from './lines.ts';
import { type WebHdfsClient } from './web-hdfs-client.ts';

/** Whether readers of the topic's folder take a file for rows. */
export function isPublished(name: string): boolean {
  return /\.jsonl(\.gz)?$/.test(name);
}

/** The rows of a file, plain or gzip, as a stream. @throws AuditError `hdfs` */
export async function readRows(
  client: WebHdfsClient,
  path: string,
  onRow: (row: Buffer, path: string) => void,
): Promise<void> {
  const toRows = (bytes: AsyncIterable<Buffer>) => eachLine(bytes, (row) => onRow(row, path));
  const bytes = await client.open(path);
  try {
    if (path.endsWith('.gz')) await pipeline(bytes, createGunzip(), toRows);
    else await pipeline(bytes, toRows);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/**
 * The bytes of a file as they come, until `onChunk` says that it has seen enough.
 * @returns whether it wanted all of them.
 * @throws AuditError `hdfs`
 */
export async function readChunks(
  client: WebHdfsClient,
  path: string,
  onChunk: (chunk: Buffer) => boolean,
): Promise<boolean> {
  const bytes = await client.open(path);
  let isWanted = true;
  bytes.on('data', (chunk: Buffer) => {
    if (!isWanted || onChunk(chunk)) return;
    isWanted = false;
    bytes.destroy();
  });
  try {
    await finished(bytes);
  } catch (error) {
    if (isWanted) throw unreadable(path, error);
  }
  return isWanted;
}

function unreadable(path: string, error: unknown): AuditError {
  const reason = error instanceof Error ? error.message : String(error);
  return new AuditError('hdfs', `${path} could not be read: ${reason}`, { cause: error });
}
