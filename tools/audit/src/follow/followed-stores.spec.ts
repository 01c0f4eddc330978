import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { event, NINE, record, TOPIC } from '../../testing/audit.fixture.ts';
import { FLAGS } from '../ledger/flags.ts';
import { Ledger } from '../ledger/ledger.ts';
import { ElasticsearchClient } from '../sources/elasticsearch-client.ts';
import { storedLine } from '../../testing/sources.double.ts';
import { WebHdfsClient } from '../sources/web-hdfs-client.ts';
import { ElasticsearchFollowedStore } from './elasticsearch.followed-store.ts';
import { jsonLine } from '@pipeline/event-schema';
import { valueFingerprint } from '../ledger/fingerprint.ts';
import { EventTexts } from './event-texts.ts';
import { type StepWindow, type Window } from './followed-store.ts';
import { LineageEnd } from './lineage-end.ts';
import { RecordDigests } from './record-digests.ts';
import { WebHdfsFollowedStore } from './web-hdfs.followed-store.ts';

const HOUR = Math.floor(NINE / 3_600_000);
const FOLDER = `/pipeline/${TOPIC}/dt=2026-11-22/hour=09`;

/** What was asked, and what is answered. */
let asked: string[];
let answer: (path: string, body: string) => string | Buffer | undefined;
let server: Server;
let url: string;

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    void text(request).then((body) => {
      const { pathname, searchParams } = new URL(request.url ?? '', url);
      const operation = searchParams.get('op') ?? pathname.split('/').at(-1)!;
      asked.push(operation);
      const found = answer(pathname.replace('/webhdfs/v1', '') + operation, body);
      if (found === undefined) response.writeHead(404);
      response.end(found ?? '{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

function windowOf(partition: number, offsets: readonly number[]): Window {
  const ids = offsets.map((offset) => `id-${offset}`);
  const [startOffset, nextOffset] = [offsets[0]!, offsets.at(-1)! + 1];
  return { partition, startOffset, nextOffset, hour: HOUR, ids, bytes: 100 * ids.length, isThorough: false };
}

function ledgerOf({ partition, startOffset, nextOffset }: Window): Ledger {
  const extent = { partition, startOffset: BigInt(startOffset), endOffset: BigInt(nextOffset) };
  const ledger = new Ledger(TOPIC, [extent], { fromMs: -Infinity, toMs: Infinity });
  for (let offset = startOffset; offset < nextOffset; offset += 1) {
    ledger.addRecord(partition, record(offset, event(`id-${offset}`)));
  }
  return ledger;
}

/** The records of partition 0 at these offsets. */
function stepsOf(offsets: readonly number[]): StepWindow {
  const records = new RecordDigests(0, offsets[0]!, offsets.at(-1)! + 1);
  const texts = new EventTexts(20_000);
  texts.begin();
  for (const offset of offsets) {
    const { value } = record(offset, event(`id-${offset}`));
    const line = jsonLine(value, texts.notes) as Buffer;
    if (records.takes(offset, NINE))
      records.add(offset, NINE, valueFingerprint(value, line), line.length - 1);
    texts.add(value!, line);
  }
  return { records, texts, lineage: new LineageEnd(TOPIC, 0) };
}

function marked(ledger: Ledger, flag: number): number {
  return ledger.flags.filter((flags) => (flags & flag) !== 0).length;
}

describe('HDFS as it is followed', () => {
  const nameOf = (partition: number, start: number) =>
    `${TOPIC}-p${partition}-${String(start).padStart(20, '0')}.jsonl`;
  let files: Map<string, Buffer>;
  let store: WebHdfsFollowedStore;

  beforeEach(() => {
    files = new Map();
    const client = new WebHdfsClient([url], { user: 'pipeline', delegationToken: () => '' });
    store = new WebHdfsFollowedStore(client, '/pipeline', TOPIC);
    answer = (path) => {
      if (path !== `${FOLDER}LISTSTATUS`) return files.get(path.slice(FOLDER.length + 1, -'OPEN'.length));
      const entries = [...files].map(([pathSuffix, { length }]) => ({ pathSuffix, type: 'FILE', length }));
      return JSON.stringify({ FileStatuses: { FileStatus: entries } });
    };
  });

  function put(partition: number, offsets: readonly number[]): void {
    const lines = offsets.map((offset) => storedLine(TOPIC, partition, record(offset)).toString());
    files.set(nameOf(partition, offsets[0]!), Buffer.from(lines.map((line) => `${line}\n`).join('')));
  }

  it('lists the folder of an hour once in a look, for all partitions and measures', async () => {
    put(0, [0, 1]);
    put(1, [7]);
    const [first, second] = [windowOf(0, [0, 1]), windowOf(1, [7])];
    store.begin();
    const measures = [await store.read(first, ledgerOf(first)), await store.read(second, ledgerOf(second))];
    expect(await store.measure([first, second])).toEqual(measures);
    expect(asked).toEqual(['LISTSTATUS', 'OPEN', 'OPEN']);
  });

  it('is in step over several files, with the measure of a read', async () => {
    put(0, [0, 1]);
    put(0, [2, 5]);
    put(1, [7]);
    const window = windowOf(0, [0, 1, 2, 5]);
    store.begin();
    const measure = await store.readInStep(stepsOf([0, 1, 2, 5]));
    expect(asked).toEqual(['LISTSTATUS', 'OPEN', 'OPEN']);
    expect(measure).toBe(await store.read(window, ledgerOf(window)));
  });

  it.each<[string, () => void, string[]]>([
    ['a row is missing at the end', () => files.delete(nameOf(0, 2)), ['OPEN']],
    ['a file is cut within a row', () => cut(nameOf(0, 2)), ['OPEN', 'OPEN']],
    [
      'rows have come twice',
      () => files.set(nameOf(0, 3), files.get(nameOf(0, 2))!),
      ['OPEN', 'OPEN', 'OPEN'],
    ],
    ['a file has a foreign name', () => files.set('other.jsonl', Buffer.from('x')), []],
    ['a file is compressed', () => files.set(`${nameOf(0, 2)}.gz`, Buffer.from('x')), []],
  ])('is not in step when %s', async (_name, change, opened) => {
    put(0, [0, 1]);
    put(0, [2, 3]);
    change();
    store.begin();
    expect(await store.readInStep(stepsOf([0, 1, 2, 3]))).toBeUndefined();
    expect(asked).toEqual(['LISTSTATUS', ...opened]);
  });

  it('is not in step when the first file begins before the window', async () => {
    put(0, [0, 1]);
    store.begin();
    expect(await store.readInStep(stepsOf([1]))).toBeUndefined();
    expect(asked).toEqual(['LISTSTATUS']);
  });

  it('fails when a file is gone that was listed', async () => {
    put(0, [0, 1]);
    store.begin();
    await store.measure([windowOf(0, [0, 1])]);
    files.clear();
    await expect(store.readInStep(stepsOf([0, 1]))).rejects.toThrow('was there and is gone');
  });

  function cut(name: string): void {
    files.set(name, files.get(name)!.subarray(0, -7));
  }

  it('sees in the next look what has come', async () => {
    put(0, [0, 1]);
    const window = windowOf(0, [0, 1, 2, 3]);
    store.begin();
    await store.read(window, ledgerOf(window));
    put(0, [2, 3]);
    store.begin();
    const ledger = ledgerOf(window);
    await store.read(window, ledger);
    expect(marked(ledger, FLAGS.row)).toBe(4);
  });
});

describe('Elasticsearch as it is followed', () => {
  let store: ElasticsearchFollowedStore;

  beforeEach(() => {
    store = new ElasticsearchFollowedStore(
      new ElasticsearchClient({ nodes: [url], authorization: undefined }),
      TOPIC,
    );
  });

  /** Answers a search by ids with the documents of these offsets of partition 0. */
  function holding(offsets: readonly number[]): void {
    answer = (path, body) => {
      if (!path.endsWith('_search_search')) return '{}';
      const { query } = JSON.parse(body) as { query: { ids: { values: string[] } } };
      const hits = offsets
        .filter((offset) => query.ids.values.includes(`id-${offset}`))
        .map(
          (offset) =>
            `{"_index":"i","_id":"id-${offset}","_score":null,"_source":${storedLine(TOPIC, 0, record(offset)).toString()},"sort":[${offset}]}`,
        );
      return `{"hits":{"hits":[${hits.join()}]}}`;
    };
  }

  it('is refreshed once in a look, and again in the next', async () => {
    holding([0, 1, 2, 3]);
    const windows = [windowOf(0, [0, 1]), windowOf(0, [2, 3])];
    store.begin();
    for (const window of windows) await store.read(window, ledgerOf(window));
    expect(asked).toEqual(['_refresh', '_search', '_search']);
    store.begin();
    await store.read(windows[0]!, ledgerOf(windows[0]!));
    expect(asked.slice(3)).toEqual(['_refresh', '_search']);
  });

  it('asks for thousands of documents at once, and sees the one that is missing', async () => {
    const offsets = Array.from({ length: 3_000 }, (_none, offset) => offset);
    holding(offsets.filter((offset) => offset !== 1_234));
    const window = windowOf(0, offsets);
    const ledger = ledgerOf(window);
    store.begin();
    await store.read(window, ledger);
    expect(asked).toEqual(['_refresh', '_search']);
    expect(ledger.has(1_234, FLAGS.document)).toBe(false);
    expect(marked(ledger, FLAGS.document)).toBe(2_999);
  });

  it('is in step over several pages, which it asks for in the order of the offsets', async () => {
    const offsets = Array.from({ length: 9_000 }, (_none, offset) => offset);
    const sorts: unknown[] = [];
    holding(offsets);
    const plain = answer;
    answer = (path, body) => {
      if (path.endsWith('_search_search')) sorts.push((JSON.parse(body) as { sort: unknown }).sort);
      return plain(path, body);
    };
    store.begin();
    expect(await store.readInStep(stepsOf(offsets))).toBe(9_000);
    expect(asked).toEqual(['_refresh', '_search', '_search', '_search']);
    expect(sorts).toEqual(Array(3).fill([{ kafka_offset: { unmapped_type: 'long' } }]));
  });

  it('is not in step when one of thousands of documents is missing, and asks no further', async () => {
    const offsets = Array.from({ length: 9_000 }, (_none, offset) => offset);
    holding(offsets.filter((offset) => offset !== 1_234));
    store.begin();
    expect(await store.readInStep(stepsOf(offsets))).toBeUndefined();
    expect(asked).toEqual(['_refresh', '_search']);
  });

  it('fails when it does not answer a look in step', async () => {
    answer = (path) => (path.endsWith('_search_search') ? undefined : '{}');
    store.begin();
    await expect(store.readInStep(stepsOf([0, 1]))).rejects.toThrow('was answered 404');
  });

  it('measures several hours with one question', async () => {
    answer = (_path, body) => {
      const { aggs } = JSON.parse(body) as { aggs: { hours: { filters: { filters: object[] } } } };
      const counts = aggs.hours.filters.filters.map((_filter, at) => ({ doc_count: 10 + at }));
      return JSON.stringify({ aggregations: { hours: { buckets: counts } } });
    };
    const hours = [windowOf(0, [0, 1]), windowOf(1, [5]), windowOf(2, [9])];
    expect(await store.measure(hours)).toEqual([10, 11, 12]);
    expect(asked).toEqual(['_search']);
  });

  it('measures nothing where there is no index yet', async () => {
    answer = () => '{"hits":{"hits":[]}}';
    expect(await store.measure([windowOf(0, [0]), windowOf(1, [0])])).toEqual([0, 0]);
  });
});
