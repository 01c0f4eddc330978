import { type SinkName, SINK_NAMES } from '@pipeline/event-schema';
import assert from 'node:assert/strict';
import { listHdfsFiles, readHdfsFile } from '@pipeline/testing';
import { recordsOf } from '../../support/kafka.ts';
import { TOPIC } from '../bench/bench.ts';
import { type Drill } from '../drill.ts';
import { acceptedClick } from '../load/click.ts';
import { type DrillContext } from '../run/drill-context.ts';
import { letterCodes } from '../run/letter-codes.ts';

/** A record that one or both sinks cannot take, or that is easily damaged. */
interface Poison {
  readonly kind: string;
  /** With a fresh id each time. */
  readonly value: (context: DrillContext) => Buffer | null;
  /** Code of its dead letter, by sink; stored where there is none. */
  readonly letters: Partial<Record<SinkName, string>>;
  /** Bytes that its row in HDFS must hold as they are. */
  readonly keeps?: string;
}

const event = (context: DrillContext, extra: Readonly<Record<string, unknown>> = {}) =>
  acceptedClick(context.random, extra);
const text = (context: DrillContext, extra: Readonly<Record<string, unknown>> = {}) =>
  JSON.stringify(event(context, extra));
const spliced = (context: DrillContext, json: string) =>
  Buffer.from(text(context).replace(/\}$/, `,${json}}`));
const bothSay = (code: string) => ({ 'hdfs-sink': code, 'es-sink': code });

const POISON: readonly Poison[] = [
  { kind: 'no JSON', value: () => Buffer.from('not json at all'), letters: bothSay('not-json') },
  {
    kind: 'half an object',
    value: (context) => Buffer.from(text(context).slice(0, -5)),
    letters: bothSay('not-json'),
  },
  { kind: 'an array', value: () => Buffer.from('[1,2]'), letters: bothSay('not-an-object') },
  { kind: 'nothing', value: () => Buffer.alloc(0), letters: bothSay('not-json') },
  { kind: 'a tombstone', value: () => null, letters: bothSay('tombstone') },
  {
    kind: 'invalid UTF-8',
    value: (context) => Buffer.from(text(context).replace('drill', 'drill\xff'), 'latin1'),
    letters: bothSay('invalid-utf8'),
  },
  {
    kind: 'a raw newline inside of a string',
    value: (context) => Buffer.from(text(context).replace('drill', 'dr\nill')),
    letters: bothSay('not-json'),
  },
  {
    kind: 'raw newlines between tokens',
    value: (context) => Buffer.from(JSON.stringify(event(context), undefined, 2).replaceAll('\n', '\r\n')),
    letters: {},
  },
  {
    kind: '900 KB',
    value: (context) => Buffer.from(text(context, { padding: 'p'.repeat(899_000) })),
    letters: {},
  },
  {
    kind: 'U+2028',
    value: (context) => spliced(context, '"separator":"\u2028\u2029"'),
    letters: {},
    keeps: '"separator":"\u2028\u2029"',
  },
  {
    kind: 'an integer over 2^53',
    value: (context) => spliced(context, '"big":12345678901234567890123,"precise":0.10000000000000000555'),
    letters: {},
    keeps: '"big":12345678901234567890123,"precise":0.10000000000000000555',
  },
  {
    kind: 'duplicate keys',
    value: (context) => spliced(context, '"twice":1,"twice":2'),
    letters: bothSay('field-repeated'),
  },
  {
    kind: 'a metadata field of Elasticsearch',
    value: (context) => spliced(context, '"_doc_count":2000000000'),
    letters: bothSay('field-reserved'),
  },
  {
    kind: 'a number that Hive cannot read',
    value: (context) => spliced(context, `"digits":${'1'.repeat(1_500)}`),
    letters: bothSay('number-too-long'),
  },
  {
    kind: 'a time of receipt that is none',
    value: (context) => Buffer.from(text(context, { received_at: 'soon' })),
    letters: bothSay('invalid-field'),
  },
  {
    kind: 'no id',
    value: (context) => Buffer.from(JSON.stringify({ ...event(context), event_id: undefined })),
    letters: bothSay('missing-field'),
  },
];

const poisonMixture: Drill = {
  name: 'poison-mixture',
  title:
    'Sixteen kinds of records that break sinks, among good ones: one line in is one line out, undamaged, or a dead letter.',
  isFast: true,
  async run(context) {
    const rounds = context.scale(5, 1);
    context.load(500);
    await context.advance(1_000);
    for (let round = 1; round <= rounds; round++) {
      for (const { value } of POISON) {
        await context
          .outlet()
          .sendRecords([{ key: `poison-${context.random.uuid()}`, value: value(context) }]);
      }
      await context.advance(1_000);
    }
    await context.endLoads();
    await context.caughtUp();
    for (const sink of SINK_NAMES) await expectLetters(context, sink, rounds);
    await expectKept(context, rounds);
    context.note(`${rounds} × ${POISON.map(({ kind }) => kind).join(', ')}`);
  },
};

async function expectLetters(context: DrillContext, sink: SinkName, rounds: number): Promise<void> {
  const expected: Record<string, number> = {};
  for (const { letters } of POISON) {
    const code = letters[sink];
    if (code !== undefined) expected[code] = (expected[code] ?? 0) + rounds;
  }
  assert.deepEqual(await letterCodes(context, sink), expected, `dead letters of ${sink}`);
}

async function expectKept(context: DrillContext, rounds: number): Promise<void> {
  const files = await listHdfsFiles(context.stack, TOPIC);
  const rows = (await Promise.all(files.map((file) => readHdfsFile(context.stack, file)))).flatMap(
    (content) => content.toString().split('\n'),
  );
  for (const { kind, keeps } of POISON) {
    if (keeps === undefined) continue;
    assert.equal(rows.filter((row) => row.includes(keeps)).length, rounds, `rows with ${kind}`);
  }
}

const mappingConflict: Drill = {
  name: 'mapping-conflict-1-of-1000',
  title:
    'One event of a thousand has a known field of the wrong type: it alone is dead-lettered, by both sinks, before a store sees it.',
  async run(context) {
    let sent = 0;
    context.load(1_000, () => (++sent % 1_000 === 0 ? { schema_version: 'one' } : {}));
    await context.advance(context.scale(20_000, 5_000));
    await context.endLoads();
    await context.caughtUp();
    const records = await recordsOf(context.stack, TOPIC);
    const wrong = records.filter(({ value }) => value?.includes('"schema_version":"one"')).length;
    for (const sink of SINK_NAMES)
      assert.deepEqual(await letterCodes(context, sink), { 'invalid-field': wrong });
    context.note(`${wrong} of ${records.length} events have a field of the wrong type`);
  },
};

export const poison: readonly Drill[] = [poisonMixture, mappingConflict];
