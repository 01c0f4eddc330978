import { pipeline } from 'node:stream/promises';
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
    const reason = error instanceof Error ? error.message : String(error);
    throw new AuditError('hdfs', `${path} could not be read: ${reason}`, { cause: error });
  }
}
