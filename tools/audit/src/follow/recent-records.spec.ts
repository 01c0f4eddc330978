import { beforeEach, describe, expect, it } from '@jest/globals';
import { event, NINE, record, TOPIC } from '../../testing/audit.fixture.ts';
import { type MemorySources, storedLine } from '../../testing/sources.double.ts';
import { Follower } from './follower.ts';
import { type FollowedStore } from './followed-store.ts';
import { MemoryPipeline } from '../../testing/pipeline.double.ts';
import { RecentRecords } from './recent-records.ts';
import { RecordDigests } from './record-digests.ts';

const NOTHING = { lost: 0, double: 0, invented: 0, damaged: 0 };

let pipeline: MemoryPipeline;
let sources: MemorySources;
let elasticsearch: Follower;
let hdfs: Follower;

beforeEach(() => {
  pipeline = new MemoryPipeline(TOPIC);
  ({ sources } = pipeline);
  for (let offset = 0; offset < 5; offset += 1) sources.add(0, record(offset));
  const parts = { topic: TOPIC, kafka: pipeline, log: pipeline, recent: new RecentRecords() };
  const follow = (store: FollowedStore) =>
    new Follower({ ...parts, store, onBroken: () => undefined, confirmMs: 0 });
  elasticsearch = follow(pipeline.elasticsearch);
  hdfs = follow(pipeline.hdfs);
});

describe('the two loops of a topic', () => {
  it('read each record of Kafka once', async () => {
    await elasticsearch.round();
    pipeline.reads.length = 0;
    await hdfs.round();
    expect(pipeline.reads).toEqual([]);
    expect(hdfs).toMatchObject({ waiting: 0, broken: NOTHING, provedMs: expect.any(Number) });
    expect(hdfs.provedOffsets.get(0)).toBe(5);
  });

  it('read the rest where Elasticsearch is not as far', async () => {
    sources.commits['es-sink'].set(0, 2n);
    await elasticsearch.round();
    pipeline.reads.length = 0;
    await hdfs.round();
    expect(pipeline.reads).toEqual([
      { partition: 0, startOffset: 2, nextOffset: 3 },
      { partition: 0, startOffset: 3, nextOffset: 5 },
    ]);
    expect(hdfs).toMatchObject({ waiting: 0, broken: NOTHING });
  });

  it('see a row that is missing and one with other bytes, and read Kafka for the second look', async () => {
    sources.storedRows[1] = Buffer.from(sources.storedRows[1]!.toString().replace('green', 'grfen'));
    sources.storedRows.splice(2, 1);
    await elasticsearch.round();
    pipeline.reads.length = 0;
    await hdfs.round();
    expect(hdfs.broken).toEqual({ ...NOTHING, lost: 1, damaged: 1 });
    expect(pipeline.reads).toEqual([{ partition: 0, startOffset: 0, nextOffset: 3 }]);
  });

  it('do not take what is no JSON for a row', async () => {
    sources.add(0, record(5, '{"a":'), { row: false, document: false });
    sources.storedRows.push(
      Buffer.from('{"a"'.concat(storedLine(TOPIC, 0, record(5, '{}')).toString().slice(1))),
    );
    await elasticsearch.round();
    await hdfs.round();
    expect(hdfs.broken).toEqual({ ...NOTHING, damaged: 1 });
  });

  it('forget a topic that was made anew under the same name', async () => {
    await elasticsearch.round();
    await hdfs.round();
    sources.partitions.set(0, []);
    sources.storedRows.length = 0;
    sources.add(0, record(0, event('another')));
    pipeline.reads.length = 0;
    pipeline.looks = 0;
    await hdfs.round();
    expect(pipeline.reads).toEqual([{ partition: 0, startOffset: 0, nextOffset: 1 }]);
    expect(pipeline.looks).toBe(1);
    expect(hdfs.broken).toEqual(NOTHING);
  });
});

describe('recent records', () => {
  function digests(startOffset: number, count: number, partition = 0): RecordDigests {
    const made = new RecordDigests(partition, startOffset, startOffset + count);
    for (let at = 0; at < count; at += 1) made.add(startOffset + at, NINE, startOffset + at, 1);
    return made;
  }

  it('are 300,000 at most, the newest', () => {
    const recent = new RecentRecords();
    for (let start = 0; start < 400_000; start += 20_000) recent.keep(digests(start, 20_000));
    const reach = (startOffset: number) =>
      recent.read({ partition: 0, startOffset, nextOffset: 400_000 }, () => 0);
    expect(reach(99_999)).toBe(99_999);
    expect(reach(100_000)).toBe(400_000);
  });

  it('are handed over without a gap, from where they are asked for', () => {
    const recent = new RecentRecords();
    recent.keep(digests(0, 10));
    recent.keep(digests(0, 10, 1));
    recent.keep(digests(10, 10));
    recent.keep(digests(30, 10));
    const seen: number[] = [];
    const end = recent.read({ partition: 0, startOffset: 5, nextOffset: 40 }, ({ offset }) =>
      seen.push(Number(offset)),
    );
    expect(end).toBe(20);
    expect(seen).toEqual(Array.from({ length: 15 }, (_none, at) => at + 5));
  });

  it('are replaced by what is read of the same offsets again', () => {
    const recent = new RecentRecords();
    recent.keep(digests(0, 10));
    recent.keep(digests(5, 3));
    const read = (startOffset: number) => recent.read({ partition: 0, startOffset, nextOffset: 10 }, () => 0);
    expect([read(0), read(5)]).toEqual([0, 8]);
  });
});
