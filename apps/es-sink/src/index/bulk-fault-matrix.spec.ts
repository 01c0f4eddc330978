import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeElasticsearch, type HttpFault } from '@pipeline/testing/fake-stores';
import { FaultyBulks } from '../../testing/faulty-bulks.fixture.ts';

const PATIENT_MS = 30_000;
const HASTY_MS = 200;

let server: FakeElasticsearch;
let bulks: FaultyBulks;

beforeEach(async () => {
  server = await FakeElasticsearch.start();
});
afterEach(async () => {
  await bulks.close();
  await server.stop();
});

/** When requests meet their fault, and what happens then. */
interface Occasion {
  readonly name: string;
  /** How often; without it until all have been healed. */
  readonly times?: number;
  /** The process loses its partitions meanwhile, and another one reads them again. */
  readonly takeover?: true;
}

const OCCASIONS: readonly Occasion[] = [
  { name: 'the first time', times: 1 },
  { name: 'three times', times: 3 },
  { name: 'until it is repaired' },
  { name: 'until another process has taken over', takeover: true },
];

async function requested(count: number): Promise<void> {
  while (bulks.bulks < count) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** Runs the sink through a fault. */
async function survive({ times, takeover }: Occasion): Promise<void> {
  const running = bulks.run();
  if (times === undefined) {
    await requested(4);
    if (takeover) bulks.revoke();
    server.heal();
  }
  await running;
  if (takeover) await bulks.run();
}

/** Each event is one document with its own lineage, or one dead letter; nothing was called durable too early, and it adds up. */
async function expectEachOnce(deadLetters: Readonly<Record<string, string>> = {}): Promise<void> {
  expect(bulks.early).toEqual([]);
  expect(await bulks.unaccounted()).toBe(0);
  expect(Object.fromEntries(bulks.deadLetters)).toEqual(deadLetters);
  const stored = [...server.documents].map(([key, source]) => ({ key, ...(JSON.parse(source) as object) }));
  const expected = bulks.allIds.filter((id) => !(id in deadLetters));
  expect(stored.map(({ key }) => key).sort()).toEqual(
    expected.map((id) => `select-color-2026.11.22/${id}`).sort(),
  );
  for (const { key, ...fields } of stored) {
    const [, partition, offset] = /\/p(\d+)-(\d+)$/.exec(key) ?? [];
    expect(fields).toMatchObject({ kafka_partition: Number(partition), kafka_offset: Number(offset) });
  }
}

const STATUSES = [400, 401, 403, 404, 408, 429, 500, 502, 503, 504];
const MALFORMED = ['<html>', '{"errors":false}', '{"errors":false,"items":[]}'];

/** Whether the request took effect is open in each of these answers, so each is tried in three ways. */
const ANSWERS: readonly HttpFault['answer'][] = [
  ...STATUSES.map((status) => ({ status })),
  ...MALFORMED.map((body) => ({ status: 200, body })),
  'reset',
  'hang',
  'cut',
  'stall',
];
const FAULTS: readonly HttpFault[] = ANSWERS.flatMap((answer) => [
  { answer },
  { applied: 'half', answer },
  { applied: 'all', answer },
]);

const nameOf = ({ applied, answer }: HttpFault) =>
  `${typeof answer === 'string' ? answer : `${answer.status} ${answer.body ?? ''}`}, applied: ${applied ?? 'nothing'}`;

describe.each(FAULTS.map((fault) => [nameOf(fault), fault] as const))(
  'a bulk answered by %s',
  (_name, fault) => {
    const isSlow = fault.answer === 'hang' || fault.answer === 'stall';
    // A stalled answer costs a second more each time.
    const occasions = OCCASIONS.filter(({ times }) => fault.answer !== 'stall' || times === 1);

    it.each(occasions)('$name stores each event once', async (occasion) => {
      bulks = new FaultyBulks(server, isSlow ? HASTY_MS : PATIENT_MS);
      if (occasion.times === undefined) server.failAlways('bulk', fault);
      for (let i = 0; i < (occasion.times ?? 0); i++) server.failNext('bulk', fault);
      await survive(occasion);
      await expectEachOnce();
    });
  },
);

const PASSING: readonly (readonly [status: number, type: string])[] = [
  [400, 'index_closed_exception'],
  [400, 'validation_exception'],
  [401, 'security_exception'],
  [403, 'cluster_block_exception'],
  [404, 'index_not_found_exception'],
  [408, 'process_cluster_event_timeout_exception'],
  [429, 'es_rejected_execution_exception'],
  [429, 'circuit_breaking_exception'],
  [500, 'exception'],
  [503, 'unavailable_shards_exception'],
];

const SHARES = {
  'every third document': (id: string) => Number(id.split('-')[1]) % 3 === 0,
  'every document': () => true,
};

describe.each(PASSING)('a bulk of which some items are answered %i %s', (status, type) => {
  const refusal = { status, error: { type, reason: 'not now' } };

  describe.each(Object.entries(SHARES))('%s', (_name, isMeant) => {
    it.each(OCCASIONS)('$name stores each event once', async (occasion) => {
      bulks = new FaultyBulks(server, PATIENT_MS);
      const refusals = new Map<string, number>();
      server.refuse((id) => {
        const before = refusals.get(id) ?? 0;
        refusals.set(id, before + 1);
        return isMeant(id) && before < (occasion.times ?? Infinity) ? refusal : undefined;
      });
      await survive(occasion);
      await expectEachOnce();
    });
  });
});

describe('a document that Elasticsearch never takes', () => {
  it.each([
    [400, 'document_parsing_exception', 'mapping'],
    [400, 'strict_dynamic_mapping_exception', 'mapping'],
    [400, 'illegal_argument_exception', 'mapping'],
    [400, 'some_new_exception', 'refused'],
    [413, 'content_too_long_exception', 'too-large'],
  ])('(%i %s) is dead-lettered as %s once, its neighbours are stored once', async (status, type, code) => {
    bulks = new FaultyBulks(server, PATIENT_MS);
    server.refuse((id) => (id === 'p1-5' ? { status, error: { type, reason: 'never' } } : undefined));
    server.failNext('bulk', { applied: 'half', answer: { status: 503 } });
    await bulks.run();
    await expectEachOnce({ 'p1-5': code });
  });

  it('is found by halving when the whole request is refused as too large', async () => {
    bulks = new FaultyBulks(server, PATIENT_MS);
    server.failNext('bulk', { answer: { status: 413 } });
    server.failNext('bulk', { answer: { status: 413 } });
    await bulks.run();
    await expectEachOnce();
  });

  it('is each one whose request is refused as too large when it travels alone', async () => {
    bulks = new FaultyBulks(server, PATIENT_MS);
    server.failAlways('bulk', { answer: { status: 413 } });
    await bulks.run();
    await expectEachOnce(Object.fromEntries(bulks.allIds.map((id) => [id, 'too-large'])));
  });
});
