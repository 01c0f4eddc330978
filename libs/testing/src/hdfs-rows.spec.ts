import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { hdfsCat, listHdfsFiles, readHdfsRows } from './hdfs-rows.ts';
import { MemoryHttpServer } from './http-server.ts';

const FILES: Record<string, Buffer> = {
  '/pipeline/clicks/dt=2026-11-22/hour=10/clicks-p0-2.jsonl.gz': gzipSync('{"event_id":"c"}\n'),
  '/pipeline/clicks/dt=2026-11-22/hour=09/clicks-p0-0.jsonl': Buffer.from(
    '{"event_id":"a"}\n{"event_id":"b 한글"}\n',
  ),
};

/** WebHDFS over the files above: folders are what their paths imply. */
const server = new MemoryHttpServer(({ path }) => {
  const { pathname, searchParams } = new URL(path, 'http://namenode');
  const file = decodeURIComponent(pathname.slice('/webhdfs/v1'.length));
  if (file === '/pipeline/broken') return { status: 403, body: 'safe mode' };
  if (searchParams.get('op') === 'OPEN') return FILES[file] && { body: FILES[file] };
  const children = Object.keys(FILES).flatMap((each) =>
    each.startsWith(`${file}/`) ? [each.slice(file.length + 1).split('/')] : [],
  );
  if (children.length === 0) return undefined;
  const statuses = new Map(
    children.map(([name = '', ...below]) => [name, below.length === 0 ? 'FILE' : 'DIRECTORY']),
  );
  const FileStatus = [...statuses].map(([pathSuffix, type]) => ({ pathSuffix, type }));
  return { body: JSON.stringify({ FileStatuses: { FileStatus } }) };
});

let hdfs = { webHdfsUrl: '' };
beforeAll(async () => (hdfs = { webHdfsUrl: await server.listen() }));
afterAll(() => server.close());

describe('the rows of a topic in HDFS', () => {
  it('are those of all its files in the order of their names, packed or not', async () => {
    expect(await readHdfsRows(hdfs, 'clicks')).toEqual([
      { event_id: 'a' },
      { event_id: 'b 한글' },
      { event_id: 'c' },
    ]);
  });

  it('come from files whose paths are listed', async () => {
    expect(await listHdfsFiles(hdfs, 'clicks')).toEqual(Object.keys(FILES).sort());
  });

  it('are none where there is no folder yet', async () => {
    expect(await readHdfsRows(hdfs, 'nothing')).toEqual([]);
  });

  it('are not guessed when HDFS refuses', async () => {
    await expect(readHdfsRows(hdfs, 'broken')).rejects.toThrow(
      'LISTSTATUS /pipeline/broken answered 403: safe mode',
    );
  });

  it('are printed by Hadoop’s own shell for a pattern', async () => {
    const calls: unknown[] = [];
    const hadoop = (mainClass: string, args: readonly string[]) => {
      calls.push([mainClass, args]);
      return Promise.resolve('{"event_id":"a"}\n');
    };
    expect(await hdfsCat({ hadoop }, '/pipeline/clicks/*/*/*')).toBe('{"event_id":"a"}\n');
    expect(calls).toEqual([['org.apache.hadoop.fs.FsShell', ['-cat', '/pipeline/clicks/*/*/*']]]);
  });
});
