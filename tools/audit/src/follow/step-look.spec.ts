import { type StoreName } from '@pipeline/event-schema';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { event, NINE, record, TOPIC } from '../../testing/audit.fixture.ts';
import { MemoryPipeline } from '../../testing/pipeline.double.ts';
import { randomPipeline } from '../../testing/random-pipeline.fixture.ts';
import { type MemorySources, storedLine } from '../../testing/sources.double.ts';
import { type Finding } from '../report/findings.ts';
import { type FollowedStore } from './followed-store.ts';
import { Follower } from './follower.ts';
import { RecentRecords } from './recent-records.ts';

const NOTHING = { lost: 0, double: 0, invented: 0, damaged: 0 };

/** Leaves everything to the ledger. */
function withLedgerOnly(store: FollowedStore): FollowedStore {
  return { ...store, readInStep: () => Promise.resolve(undefined) };
}

/** What both loops of a pipeline say in the end. */
async function verdictsOf(pipeline: MemoryPipeline, storeOf: (store: FollowedStore) => FollowedStore) {
  const recent = new RecentRecords();
  const told: Record<StoreName, (readonly Finding[])[]> = { elasticsearch: [], hdfs: [] };
  const followers = (['elasticsearch', 'hdfs'] as const).map(
    (name) =>
      new Follower({
        topic: TOPIC,
        kafka: pipeline,
        store: storeOf(pipeline[name]),
        recent,
        log: pipeline,
        onBroken: (findings) => void told[name].push(findings),
        confirmMs: 0,
      }),
  );
  for (let rounds = 0; rounds < 6; rounds += 1) {
    for (const follower of followers) await follower.round();
  }
  const said = followers.map(({ broken, provedOffsets, waiting }) => ({
    broken,
    provedOffsets: [...provedOffsets],
    waiting,
  }));
  return { said, told, kept: await pipeline.load() };
}

describe('the cheap look and the ledger', () => {
  it('say the same of 300 random pipelines, and the cheap look proves some of them', async () => {
    let [inStep, broken] = [0, 0];
    for (let seed = 1; seed <= 300; seed += 1) {
      const pipeline = randomPipeline(seed);
      const cheap = await verdictsOf(pipeline, (store) => store);
      const thorough = await verdictsOf(randomPipeline(seed), withLedgerOnly);
      expect({ seed, ...cheap }).toEqual({ seed, ...thorough });
      inStep += pipeline.inStep;
      if (cheap.said.some((each) => Object.values(each.broken).some((count) => count > 0))) broken += 1;
    }
    expect(inStep).toBeGreaterThan(300);
    expect(broken).toBeGreaterThan(100);
  }, 60_000);
});

describe('a window of which everything is as it must be is proved without a ledger', () => {
  let pipeline: MemoryPipeline;
  let sources: MemorySources;

  beforeEach(() => {
    pipeline = new MemoryPipeline(TOPIC);
    ({ sources } = pipeline);
  });

  /** Windows that both loops prove without a ledger. */
  async function inStep(): Promise<number> {
    const { said } = await verdictsOf(pipeline, (store) => store);
    expect(said).toMatchObject([{ broken: NOTHING }, { broken: NOTHING }]);
    return pipeline.inStep;
  }

  it.each([
    ['plain events', event('a')],
    ['an event with white space', ' {"event_id": "a" , "color_name":"green" }\n'],
    ['an event with line breaks', '{\r\n"event_id":\n"a"}'],
    ['an event with escapes', '{"event_id":"a","user_name":"\\"Ada\\" \\u00fc"}'],
    ['an id that is spelt with escapes', '{"event_id":"\\u0061b"}'],
    ['an event that is not ASCII', '{"event_id":"a","user_name":"Zoë 🎨","more":{"event_id":"b","n":1.50}}'],
  ])('%s', async (_name, value) => {
    for (const [offset, text] of [event('x'), value, event('y')].entries()) {
      const line = text.trim().replace(/[\r\n]/g, '');
      sources.add(0, record(offset, text), { row: false, document: false });
      const row = storedLine(TOPIC, 0, record(offset, line));
      const { event_id: id } = JSON.parse(line) as { event_id: string };
      sources.storedRows.push(row);
      sources.storedDocuments.push({ id, source: row, index: 'i' });
    }
    expect(await inStep()).toBe(2);
  });

  it('with a gap in the offsets', async () => {
    for (const offset of [0, 5, 9, 10, 99, 1_000_000]) sources.add(0, record(offset));
    expect(await inStep()).toBeGreaterThan(4);
  });

  it('in two hours', async () => {
    sources.add(0, record(0));
    sources.add(0, record(1, event('late'), NINE + 3_600_000));
    expect(await inStep()).toBe(4);
  });
});

function flipped(line: Buffer): Buffer {
  const copy = Buffer.from(line);
  copy[14]! ^= 1;
  return copy;
}

describe('a window is left to the ledger', () => {
  it.each<[string, 'elasticsearch' | 'hdfs' | 'both', (sources: MemorySources) => void]>([
    ['a flipped byte in a row', 'hdfs', ({ storedRows }) => void (storedRows[1] = flipped(storedRows[1]!))],
    ['a missing row', 'hdfs', ({ storedRows }) => void storedRows.splice(1, 1)],
    ['a missing last row', 'hdfs', ({ storedRows }) => void storedRows.pop()],
    ['a row twice', 'hdfs', ({ storedRows }) => void storedRows.splice(1, 0, storedRows[1]!)],
    ['rows in another order', 'hdfs', ({ storedRows }) => void storedRows.reverse()],
    [
      'a flipped byte in a document',
      'elasticsearch',
      ({ storedDocuments: [, second] }) => void (second!.source = flipped(second!.source)),
    ],
    ['a missing document', 'elasticsearch', ({ storedDocuments }) => void storedDocuments.splice(1, 1)],
    ['a missing last document', 'elasticsearch', ({ storedDocuments }) => void storedDocuments.pop()],
    [
      'a document that is in another index too',
      'elasticsearch',
      ({ storedDocuments }) => void storedDocuments.push({ ...storedDocuments[2]!, index: 'other' }),
    ],
    [
      'a document under a foreign id',
      'elasticsearch',
      ({ storedDocuments }) => void (storedDocuments[1]!.id = 'id-x'),
    ],
    [
      'an id twice in Kafka, and two documents',
      'elasticsearch',
      (sources) => {
        sources.partitions.get(0)!.pop();
        sources.storedRows.pop();
        sources.storedDocuments.pop();
        sources.add(0, record(2, event('id-0')));
      },
    ],
    [
      'a dead letter in the middle',
      'both',
      ({ letters, partitions, storedRows, storedDocuments }) => {
        const letter = { partition: 0, offset: 1, value: partitions.get(0)![1]!.value };
        letters['hdfs-sink'].push(letter);
        letters['es-sink'].push(letter);
        storedRows.splice(1, 1);
        storedDocuments.splice(1, 1);
      },
    ],
    [
      'a record that no store takes, stored all the same',
      'both',
      (sources) => {
        sources.partitions.get(0)!.pop();
        sources.storedRows.pop();
        sources.storedDocuments.pop();
        const value = '{"event_id":"a","event_id":"a"}';
        sources.add(0, record(2, value));
      },
    ],
    ['a tombstone', 'both', (sources) => sources.add(0, record(2, null), { row: false, document: false })],
    [
      'a row of a foreign partition',
      'hdfs',
      ({ storedRows }) => void (storedRows[1] = storedLine(TOPIC, 7, record(1))),
    ],
  ])('with %s', async (_name, store, change) => {
    const pipeline = new MemoryPipeline(TOPIC);
    for (let offset = 0; offset < 3; offset += 1) pipeline.sources.add(0, record(offset));
    change(pipeline.sources);
    const first = async (name: StoreName) => {
      pipeline.inStep = 0;
      const follower = new Follower({
        topic: TOPIC,
        kafka: pipeline,
        store: pipeline[name],
        recent: new RecentRecords(),
        log: pipeline,
        onBroken: () => undefined,
        confirmMs: 0,
      });
      await follower.round();
      return pipeline.inStep;
    };
    const proved = { elasticsearch: await first('elasticsearch'), hdfs: await first('hdfs') };
    expect(proved).toEqual({
      elasticsearch: store === 'hdfs' ? 1 : 0,
      hdfs: store === 'elasticsearch' ? 1 : 0,
    });
  });
});
