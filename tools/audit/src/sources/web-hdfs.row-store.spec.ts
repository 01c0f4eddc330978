import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type HdfsReader, WebHdfsClient } from './web-hdfs-client.ts';
import { WebHdfsRowStore } from './web-hdfs.row-store.ts';

const ROOT = '/pipeline/select-color';
const READER: HdfsReader = { user: 'pipeline', delegationToken: () => '' };
const ALL = { fromMs: -Infinity, toMs: Infinity };

/** NameNode and DataNode in one: folders are made of the paths. */
let files: Map<string, Buffer>;
/** What each request says of its sender. */
let senders: (string | null)[][];
let server: Server;
let url: string;

beforeEach(async () => {
  files = new Map();
  senders = [];
  server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', url);
    senders.push([searchParams.get('user.name'), searchParams.get('delegation')]);
    const path = decodeURIComponent(pathname).replace('/webhdfs/v1', '');
    if (searchParams.get('op') === 'LISTSTATUS') {
      const names = [...files.keys()].filter((name) => name.startsWith(`${path}/`));
      if (names.length === 0) return response.writeHead(404).end('{}');
      const entries = new Set(names.map((name) => name.slice(path.length + 1).split('/')));
      const statuses = [...entries].map(([pathSuffix, ...below]) => [
        pathSuffix,
        below.length > 0 ? 'DIRECTORY' : 'FILE',
      ]);
      const unique = new Map(statuses.map(([pathSuffix, type]) => [pathSuffix, { pathSuffix, type }]));
      return response.end(JSON.stringify({ FileStatuses: { FileStatus: [...unique.values()] } }));
    }
    if (!searchParams.has('datanode')) {
      return response.writeHead(307, { location: `${url}${request.url}&datanode=1` }).end();
    }
    const body = files.get(path);
    return body === undefined ? response.writeHead(404).end() : response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => new Promise((resolve) => server.close(resolve)));

async function rows({ urls = [url], range = ALL, reader = READER } = {}): Promise<string[]> {
  const found: string[] = [];
  const read = await new WebHdfsRowStore(new WebHdfsClient(urls, reader), ROOT, range).snapshot();
  await read((row) => found.push(row.toString()));
  return found.sort();
}

describe('the rows of a topic', () => {
  it('are the lines of all its files, plain and gzip, whatever the chunks', async () => {
    const long = 'x'.repeat(300_000);
    files.set(`${ROOT}/dt=2026-11-22/hour=09/a.jsonl`, Buffer.from(`1\n${long}\n2\n`));
    files.set(`${ROOT}/dt=2026-11-22/hour=10/b.jsonl.gz`, Buffer.concat([gzipSync('3\n'), gzipSync('4\n')]));
    files.set(`${ROOT}/dt=2026-11-22/hour=10/c.jsonl`, Buffer.from(''));
    files.set(`${ROOT}/dt=2026-11-22/hour=10/d.tmp`, Buffer.from('5\n'));
    expect(await rows()).toEqual(['1', '2', '3', '4', long]);
  });

  it('are none where no file was written yet', async () => {
    expect(await rows()).toEqual([]);
  });

  it('are read from the hours of a range only', async () => {
    for (const hour of ['08', '09', '10']) {
      files.set(`${ROOT}/dt=2026-11-22/hour=${hour}/a.jsonl`, Buffer.from(`${hour}\n`));
    }
    const [fromMs, toMs] = [Date.parse('2026-11-22T09:59:59Z'), Date.parse('2026-11-22T10:00:00Z')];
    expect(await rows({ range: { fromMs, toMs } })).toEqual(['09']);
  });

  it('include a last line without an end, so that a cut file is seen', async () => {
    files.set(`${ROOT}/dt=2026-11-22/hour=09/a.jsonl`, Buffer.from('1\n{"cut'));
    expect(await rows()).toEqual(['1', '{"cut']);
  });

  it('come from the NameNode that answers', async () => {
    files.set(`${ROOT}/dt=2026-11-22/hour=09/a.jsonl`, Buffer.from('1\n'));
    expect(await rows({ urls: ['http://127.0.0.1:1', url] })).toEqual(['1']);
  });

  it.each([
    [READER, ['pipeline', null]],
    [{ ...READER, delegationToken: () => 'abc' }, [null, 'abc']],
  ])('are asked for by a user or with a token: %j', async (reader, sender) => {
    files.set(`${ROOT}/dt=2026-11-22/hour=09/a.jsonl`, Buffer.from('1\n'));
    expect(await rows({ reader })).toEqual(['1']);
    expect(new Set(senders.map(String))).toEqual(new Set([String(sender)]));
  });

  it('are not silently none when nothing answers, or a gzip file is broken', async () => {
    await expect(rows({ urls: ['http://127.0.0.1:1'] })).rejects.toMatchObject({ code: 'hdfs' });
    files.set(`${ROOT}/dt=2026-11-22/hour=09/a.jsonl.gz`, gzipSync('1\n').subarray(0, 12));
    await expect(rows()).rejects.toMatchObject({ code: 'hdfs' });
  });
});
