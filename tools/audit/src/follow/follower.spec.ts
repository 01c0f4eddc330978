import { beforeEach, describe, expect, it } from '@jest/globals';
import { event, NINE, record, TOPIC } from '../../testing/audit.fixture.ts';
import { type MemorySources, storedLine } from '../../testing/sources.double.ts';
import { type Finding } from '../report/findings.ts';
import { type FollowedStore } from './followed-store.ts';
import { Follower } from './follower.ts';
import { MemoryPipeline } from '../../testing/pipeline.double.ts';
import { RecentRecords } from './recent-records.ts';

const HOUR_MS = 3_600_000;
const NOTHING = { lost: 0, double: 0, invented: 0, damaged: 0 };

let pipeline: MemoryPipeline;
let sources: MemorySources;
let told: Finding[];

beforeEach(() => {
  pipeline = new MemoryPipeline(TOPIC);
  ({ sources } = pipeline);
  told = [];
  for (let offset = 0; offset < 5; offset += 1) sources.add(0, record(offset));
});

function follow(store: FollowedStore): Follower {
  const onBroken = (findings: readonly Finding[]) => void told.push(...findings);
  const recent = new RecentRecords();
  return new Follower({
    topic: TOPIC,
    kafka: pipeline,
    store,
    recent,
    log: pipeline,
    onBroken,
    confirmMs: 0,
  });
}

/** A process that goes on where an earlier one was killed. */
async function restarted(store: FollowedStore): Promise<Follower> {
  const follower = follow(store);
  for (const { topic: _topic, store: name, partition, ...hour } of await pipeline.load()) {
    if (name === store.name) follower.resume(partition, hour);
  }
  return follower;
}

/** Rounds until nothing more can be proved at once, and some more, so that every hour was measured again. */
async function settle(follower: Follower): Promise<Follower> {
  for (let rounds = 0; rounds < 5; rounds += 1) await follower.round();
  return follower;
}

describe.each([
  ['hdfs', 'hdfs-sink'],
  ['elasticsearch', 'es-sink'],
] as const)('the continuous proof of %s', (name, sink) => {
  const storeOf = () => pipeline[name];

  it('reaches the end of the log, hour by hour', async () => {
    sources.add(0, record(9, event('late'), NINE + HOUR_MS));
    sources.add(1, record(100));
    const follower = await settle(follow(storeOf()));
    expect([...follower.provedOffsets]).toEqual([
      [0, 10],
      [1, 101],
    ]);
    expect(follower).toMatchObject({ waiting: 0, stalledMs: 0, broken: NOTHING });
    expect(
      (await pipeline.load()).map(({ partition, startOffset }) => `${partition}:${startOffset}`),
    ).toEqual(['0:0', '0:9', '1:100']);
  });

  it('waits for what the sink has not committed', async () => {
    sources.commits[sink].set(0, 3n);
    sources.storedRows.length = 3;
    sources.storedDocuments.length = 3;
    const follower = await settle(follow(storeOf()));
    expect(follower).toMatchObject({ waiting: 2, broken: NOTHING, provedMs: NINE });
    expect(follower.provedOffsets.get(0)).toBe(3);
  });

  it('finds a loss once the sink has committed past it', async () => {
    sources.commits[sink].set(0, 5n);
    sources.add(0, record(5), { row: false, document: false });
    const follower = await settle(follow(storeOf()));
    expect(follower.broken).toEqual(NOTHING);
    sources.commits[sink].set(0, 6n);
    await follower.round();
    expect(follower).toMatchObject({ waiting: 0, broken: { ...NOTHING, lost: 1 } });
    expect(told).toMatchObject([{ sink, kind: 'lost', total: 1, examples: [{ partition: 0, offset: 5 }] }]);
  });

  it('takes a dead letter for stored, whenever it was read', async () => {
    sources.add(0, record(5), { row: false, document: false });
    sources.letters[sink].push(
      { partition: 0, offset: 5, value: Buffer.from(event('id-5')) },
      { partition: -1, offset: -1, value: Buffer.from('junk') },
      { partition: 0, offset: 99_999, value: Buffer.from('junk') },
    );
    const follower = await settle(follow(storeOf()));
    expect(follower.broken).toEqual(NOTHING);
    const read = pipeline.lettersRead;
    sources.add(0, record(6));
    await settle(follower);
    expect(pipeline.lettersRead).toBe(read);
  });

  it('asks once in a round for what its windows share, and keeps them together', async () => {
    sources.add(1, record(100));
    const follower = follow(storeOf());
    await follower.round();
    expect(pipeline.reads).toHaveLength(3);
    expect(pipeline).toMatchObject({ looks: 1, letterAsks: 1, saves: 1 });
    await follower.round();
    expect(pipeline).toMatchObject({ looks: 2, letterAsks: 1, saves: 1 });
  });

  it('looks at the store and the letters anew before something is taken for broken', async () => {
    sources.add(0, record(5), { row: false, document: false });
    const letter = { partition: 0, offset: 5, value: Buffer.from(event('id-5')) };
    const plain = storeOf();
    const store = Object.assign(Object.create(plain) as FollowedStore, {
      begin: () => {
        plain.begin();
        if (pipeline.looks > 1) sources.letters[sink].push(letter);
      },
    });
    const follower = follow(store);
    await follower.round();
    expect(pipeline).toMatchObject({ looks: 2, letterAsks: 2 });
    expect(follower.broken).toEqual(NOTHING);
    expect(told).toEqual([]);
  });

  it('goes on after a restart where it was, and reads nothing again', async () => {
    await settle(follow(storeOf()));
    pipeline.reads.length = 0;
    sources.add(0, record(5));
    const follower = await settle(await restarted(storeOf()));
    expect(pipeline.reads).toEqual([{ partition: 0, startOffset: 5, nextOffset: 6 }]);
    expect(follower).toMatchObject({ waiting: 0, broken: NOTHING });
  });

  it('remembers after a restart what is broken, and sees when it is mended', async () => {
    sources.add(0, record(5), { row: false, document: false });
    await settle(follow(storeOf()));
    const follower = await settle(await restarted(storeOf()));
    expect(follower.broken.lost).toBe(1);
    const line = storedLine(TOPIC, 0, record(5));
    sources.storedRows.push(line);
    sources.storedDocuments.push({ id: 'id-5', source: line, index: 'i' });
    await settle(follower);
    expect(follower.broken).toEqual(NOTHING);
  });

  it('sees when something proved is taken away, by its measure', async () => {
    const follower = await settle(follow(storeOf()));
    sources.storedRows.splice(2, 1);
    sources.storedDocuments.splice(2, 1);
    await settle(follower);
    expect(follower.broken).toEqual({ ...NOTHING, lost: 1 });
    expect(told[0]?.examples).toMatchObject([{ partition: 0, offset: 2 }]);
  });

  it('forgets what has expired in Kafka, and goes on', async () => {
    sources.add(0, record(5, event('late'), NINE + HOUR_MS));
    const follower = await settle(follow(storeOf()));
    sources.logStarts.set(0, 5n);
    sources.storedRows.length = 0;
    sources.storedRows.push(storedLine(TOPIC, 0, record(5, event('late'), NINE + HOUR_MS)));
    sources.add(0, record(6, event('later'), NINE + HOUR_MS));
    await settle(follower);
    expect(follower).toMatchObject({ waiting: 0, broken: NOTHING });
    expect((await pipeline.load()).map(({ startOffset, nextOffset }) => [startOffset, nextOffset])).toEqual([
      [5, 7],
    ]);
  });

  it('begins anew when the topic was made anew under the same name', async () => {
    const follower = await settle(follow(storeOf()));
    sources.partitions.set(0, []);
    sources.add(0, record(0));
    await settle(follower);
    expect(follower.provedOffsets.get(0)).toBe(1);
  });
});

describe('the continuous proof of hdfs', () => {
  it('finds a row twice and one with other bytes', async () => {
    sources.storedRows.push(sources.storedRows[3]!);
    sources.storedRows[1] = Buffer.from(sources.storedRows[1]!.toString().replace('green', 'grfen'));
    const follower = await settle(follow(pipeline.hdfs));
    expect(follower.broken).toEqual({ ...NOTHING, double: 1, damaged: 1 });
  });
});

describe('the continuous proof of elasticsearch', () => {
  it('finds an id in two indices, even one that came long after', async () => {
    const follower = await settle(follow(pipeline.elasticsearch));
    sources.add(0, record(5, event('id-1')));
    await settle(follower);
    expect(follower.broken).toEqual({ ...NOTHING, double: 1 });
  });

  it('takes a repeated id for stored with the document of its first copy', async () => {
    const follower = await settle(follow(pipeline.elasticsearch));
    sources.add(0, record(5, event('id-1')), { document: false });
    await settle(follower);
    expect(follower).toMatchObject({ waiting: 0, broken: NOTHING });
  });

  it('finds a document that names a proved offset and was made by somebody else', async () => {
    const follower = await settle(follow(pipeline.elasticsearch));
    sources.storedDocuments.push({
      id: 'strange',
      source: storedLine(TOPIC, 0, record(3, event('strange'))),
      index: 'i',
    });
    await settle(follower);
    expect(follower.broken).toEqual({ ...NOTHING, invented: 1 });
  });

  it('finds other fields', async () => {
    const { source } = sources.storedDocuments[1]!;
    sources.storedDocuments[1]!.source = Buffer.from(source.toString().replace('green', 'grfen'));
    expect((await settle(follow(pipeline.elasticsearch))).broken).toEqual({ ...NOTHING, damaged: 1 });
  });
});
