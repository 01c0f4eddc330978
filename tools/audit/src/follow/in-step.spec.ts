import { jsonLine } from '@pipeline/event-schema';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { event, NINE, record, TOPIC } from '../../testing/audit.fixture.ts';
import { storedLine } from '../../testing/sources.double.ts';
import { valueFingerprint } from '../ledger/fingerprint.ts';
import { EventTexts } from './event-texts.ts';
import { HitsInStep } from './hits-in-step.ts';
import { LineageEnd } from './lineage-end.ts';
import { RecordDigests } from './record-digests.ts';
import { RowsInStep } from './rows-in-step.ts';

const OFFSETS = [9, 10, 99, 1_000];
const lineage = new LineageEnd(TOPIC, 3);

let records: RecordDigests;
let texts: EventTexts;

beforeEach(() => fill(OFFSETS));

function fill(offsets: readonly number[]): void {
  records = new RecordDigests(3, 0, 2_000);
  texts = new EventTexts(2_000);
  texts.begin();
  for (const offset of offsets) {
    const value = Buffer.from(event(`id-${offset}`));
    const line = jsonLine(value, texts.notes) as Buffer;
    records.add(offset, NINE, valueFingerprint(value, line), line.length - 1);
    texts.add(value, line);
  }
}

/** The bytes in two chunks, or one where they are not cut. */
function cutAt(bytes: Buffer, at: number): Buffer[] {
  return [bytes.subarray(0, at), bytes.subarray(at)];
}

const rowOf = (offset: number) => storedLine(TOPIC, 3, record(offset)).toString();

describe('rows in step', () => {
  const file = Buffer.from(OFFSETS.map((offset) => `${rowOf(offset)}\n`).join(''));

  function isInStep(chunks: readonly Buffer[]): boolean {
    const rows = new RowsInStep(records, lineage);
    return chunks.every((chunk) => rows.take(chunk)) && rows.end() && rows.isComplete;
  }

  it('are found wherever a chunk ends', () => {
    for (let at = 0; at <= file.length; at += 1) expect(isInStep(cutAt(file, at))).toBe(true);
    expect(isInStep([...file].map((byte) => Buffer.of(byte)))).toBe(true);
  });

  it('are not those of which any byte is another one, missing or there besides', () => {
    for (let at = 0; at < file.length; at += 1) {
      const flipped = Buffer.from(file);
      flipped[at]! ^= 1;
      expect({ at, isInStep: isInStep([flipped]) }).toEqual({ at, isInStep: false });
      expect(isInStep([file.subarray(0, at)])).toBe(false);
      expect(isInStep([file.subarray(0, at), Buffer.from('x'), file.subarray(at)])).toBe(false);
    }
    expect(isInStep([file, Buffer.from(`${rowOf(1_001)}\n`)])).toBe(false);
  });

  it('do not run over the border of a file', () => {
    const rows = new RowsInStep(records, lineage);
    expect(rows.take(file.subarray(0, 30))).toBe(true);
    expect(rows.end()).toBe(false);
  });
});

describe('hits in step', () => {
  const hitOf = (offset: number, more = '') =>
    `{"_index":"${TOPIC}-2026.11.22","_id":"id-${offset}","_score":null${more},"_source":${rowOf(offset)},"sort":[${offset}]}`;
  const answerOf = (hits: readonly string[]) =>
    Buffer.from(`{"took":1,"timed_out":false,"hits":{"max_score":null,"hits":[${hits.join()}]}}`);
  const hits = OFFSETS.map((offset) => hitOf(offset));
  const answer = answerOf(hits);
  const steps = new HitsInStep();

  function isInStep(chunks: readonly Buffer[], [from, to] = [0, OFFSETS.length]): boolean {
    steps.expect({ texts, records, lineage, from, to });
    for (const chunk of chunks) steps.append(chunk);
    return steps.end();
  }

  it('are found wherever a chunk ends', () => {
    for (let at = 0; at <= answer.length; at += 1) expect(isInStep(cutAt(answer, at))).toBe(true);
    expect(isInStep([...answer].map((byte) => Buffer.of(byte)))).toBe(true);
  });

  it.each([1, 7, 333, 4_095, 4_096, 5_001, 65_536])('are found in chunks of %d bytes', (size) => {
    const offsets = Array.from({ length: 1_000 }, (_none, at) => at);
    fill(offsets);
    const all = offsets.map((offset) => hitOf(offset));
    const isInStepWith = (some: readonly string[]) => {
      const large = answerOf(some);
      const chunks = Array.from({ length: Math.ceil(large.length / size) }, (_none, at) =>
        large.subarray(at * size, (at + 1) * size),
      );
      return isInStep(chunks, [0, 1_000]);
    };
    expect(isInStepWith(all)).toBe(true);
    expect(isInStepWith(all.toSpliced(500, 1))).toBe(false);
  });

  it('may have other fields before the source, and lie in several indices', () => {
    const others = [
      hits[0]!,
      hitOf(10, ',"_ignored":["a"]').replace('11.22', '11.23'),
      hitOf(99),
      hitOf(1_000, ',"_version":2'),
    ];
    expect(isInStep([answerOf(others)])).toBe(true);
  });

  it('are those of a part of the window', () => {
    expect(isInStep([answerOf(hits.slice(1, 3))], [1, 3])).toBe(true);
    expect(isInStep([answer], [1, 3])).toBe(false);
    expect(isInStep([answer], [0, 3])).toBe(false);
  });

  it('are not those of which any byte of a hit is another one but for the name of its index and its score', () => {
    const text = answer.toString();
    const free = [...text.matchAll(/(?<="_index":")[^"]*|,"_score":null,/g)].flatMap(({ 0: found, index }) =>
      [...found].map((_character, at) => index + at),
    );
    for (let at = text.indexOf('{"_index"'); at < text.lastIndexOf('}]}'); at += 1) {
      const flipped = Buffer.from(answer);
      flipped[at]! ^= 1;
      expect({ at, isInStep: isInStep([flipped]) }).toEqual({ at, isInStep: free.includes(at) });
    }
  });

  it('are not too few, too many, in another order or an answer that ends too early', () => {
    expect(isInStep([answerOf(hits.slice(1))])).toBe(false);
    expect(isInStep([answerOf(hits.slice(0, 3))])).toBe(false);
    expect(isInStep([answerOf([...hits, hits[3]!])])).toBe(false);
    expect(isInStep([answerOf([hits[0]!, hits[0]!, ...hits.slice(1)])])).toBe(false);
    expect(isInStep([answerOf(hits.toReversed())])).toBe(false);
    expect(isInStep([answerOf([])])).toBe(false);
    expect(isInStep([Buffer.from('{}')])).toBe(false);
    for (let at = 0; at < answer.lastIndexOf(']'); at += 1)
      expect(isInStep([answer.subarray(0, at)])).toBe(false);
  });
});

describe('the texts of events', () => {
  function textsOf(values: readonly string[]): EventTexts {
    const made = new EventTexts(20_000);
    made.begin();
    for (const text of values) {
      const value = Buffer.from(text);
      made.add(value, jsonLine(value, made.notes) as Buffer);
    }
    return made;
  }

  it('have the ids as a list in JSON, of any number of them', () => {
    const ids = Array.from({ length: 20_000 }, (_none, at) => `id-${at}`);
    const made = textsOf([...ids.slice(0, -1).map((id) => event(id)), '{"event_id":"\\u00fc\\""}']);
    expect(made.isWhole).toBe(true);
    expect(JSON.parse(`[${made.idList(0, 20_000).toString()}]`)).toEqual([...ids.slice(0, -1), 'ü"']);
    expect(JSON.parse(`[${made.idList(7, 9).toString()}]`)).toEqual(['id-7', 'id-8']);
  });

  it.each([
    ['an id twice', [event('a'), event('b'), event('a')]],
    ['no id', ['{"color_name":"green"}']],
    ['an id that is no text in an inner object', ['{"more":{"event_id":"a"}}']],
    ['an empty id', [event('')]],
    [
      'no room',
      Array.from({ length: 9 }, (_none, at) =>
        JSON.stringify({ event_id: `${at}`, a: Array(40).fill('x'.repeat(30_000)) }),
      ),
    ],
  ])('are not whole with %s', (_name, values) => {
    expect(textsOf(values).isWhole).toBe(false);
  });
});
