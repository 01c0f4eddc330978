import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { DecodeError, eventLine } from '@pipeline/event-schema';
import { validateEvent } from '@pipeline/event-schema/contract';
import { logsOf, protobufOf, recordOf, text } from '../../testing/otlp.fixture.ts';
import { CollectorUnderTest } from '../../testing/start-collector.fixture.ts';

const BODIES_OF_EACH_ENCODING = 1_000;

let collector: CollectorUnderTest;

beforeAll(async () => {
  collector = await CollectorUnderTest.start({ COLLECTOR_API_RECENT_IDS: '0' });
});

afterAll(() => collector.close());

/** The same numbers every time (mulberry32), so that a failing body comes again. */
let state = 20_261_130;
const random = {
  below(limit: number): number {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * limit);
  },
  pick<T>(items: readonly T[]): T {
    return items[random.below(items.length)]!;
  },
};

/** What may stand in the place of any value of a request. */
const ODD: readonly unknown[] = [
  null,
  0,
  -1,
  1.5,
  2 ** 53,
  1e308,
  '',
  ' ',
  'text',
  '\ud83d',
  '\u0000',
  '😀',
  '18446744073709551616',
  '-9223372036854775808',
  'NaN',
  true,
  [],
  {},
  [[]],
  [null],
  { values: 7 },
  { stringValue: 7 },
  { intValue: '1e3' },
  { doubleValue: 'Infinity' },
  { bytesValue: '??' },
  { arrayValue: { values: [{ kvlistValue: { values: [{ key: 'a', value: { intValue: 1 } }] } }, null] } },
  [text('', ''), text('a', '1'), text('A', '2'), text('__proto__', '3'), text('..', '4')],
];

function usual(): object {
  const deep = { arrayValue: { values: [{ kvlistValue: { values: [text('k', 'v')] } }] } };
  const records = Array.from({ length: 1 + random.below(4) }, (_, n) => recordOf(n));
  return logsOf([...records, { ...recordOf(9), body: deep, attributes: [{ key: 'deep', value: deep }] }]);
}

/** Every object and list within a value. */
function containersOf(value: unknown): (Record<string, unknown> | unknown[])[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value as Record<string, unknown>, ...Object.values(value).flatMap(containersOf)];
}

function changed(): object {
  const request = usual();
  for (let change = random.below(4); change >= 0; change -= 1) {
    const container = random.pick(containersOf(request)) as Record<string, unknown>;
    const names = Object.keys(container);
    if (names.length === 0) continue;
    if (random.below(8) === 0) Reflect.deleteProperty(container, random.pick(names));
    else container[random.pick(names)] = structuredClone(random.pick(ODD));
  }
  return request;
}

function damaged(bytes: Buffer): Buffer {
  const copy = Buffer.from(random.below(4) === 0 ? bytes.subarray(0, random.below(bytes.length)) : bytes);
  for (let change = random.below(6); change > 0 && copy.length > 0; change -= 1)
    copy[random.below(copy.length)] = random.below(256);
  return copy;
}

async function answerTo(payload: Buffer, type: string): Promise<number> {
  const headers = { 'content-type': type };
  const { status } = await collector.ask({ method: 'POST', url: '/v1/logs', payload, headers });
  return status;
}

/** What was published keeps the contract and can be read by both stores. */
function expectRight(): void {
  for (const { records } of collector.publisher.calls.splice(0)) {
    for (const { value } of records) {
      expect(eventLine(Buffer.from(value))).not.toBeInstanceOf(DecodeError);
      const validation = validateEvent(JSON.parse(value), 'otlp');
      expect(validation.ok ? [] : validation.rejections).toEqual([]);
    }
  }
}

it('of 1,000 JSON bodies with odd values none gets a 5xx, and what is stored keeps the contract', async () => {
  const statuses = new Map<number, number>();
  for (let n = 0; n < BODIES_OF_EACH_ENCODING; n += 1) {
    const json = Buffer.from(JSON.stringify(changed()));
    const status = await answerTo(n % 5 === 0 ? damaged(json) : json, 'application/json');
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    expectRight();
  }
  expect([...statuses.keys()].sort()).toEqual([200, 400]);
  expect(statuses.get(200)).toBeGreaterThan(BODIES_OF_EACH_ENCODING / 2);
});

it('of 1,000 damaged protobuf bodies none gets a 5xx, and what is stored keeps the contract', async () => {
  const statuses = new Map<number, number>();
  for (let n = 0; n < BODIES_OF_EACH_ENCODING; n += 1) {
    const rubbish = Buffer.from(Array.from({ length: random.below(60) }, () => random.below(256)));
    const status = await answerTo(
      n % 10 === 0 ? rubbish : damaged(protobufOf(usual())),
      'application/x-protobuf',
    );
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    expectRight();
  }
  expect([...statuses.keys()].sort()).toEqual([200, 400]);
  expect(statuses.get(200)).toBeGreaterThan(100);
});
