import { type SinkName } from '@pipeline/event-schema';
import { deadLetter, type KafkaRecord } from '@pipeline/kafka-transport';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { listLetters, type Selection } from './list-letters.ts';
import { MemoryLetterBox } from '../testing/letter-box.double.ts';
import { replayLetters } from './replay-letters.ts';
import { showLetter } from './show-letter.ts';

const TOPIC = 'select-color';
const ALL: Selection = { sinks: ['hdfs-sink', 'es-sink'], limit: 50 };

const ORIGINAL = { key: null, value: Buffer.from('{'), offset: 7, timestamp: 1763800000000 };
const REASON = {
  ...{ code: 'cut', message: 'x', topic: TOPIC, partition: 2 },
  ...{ sink: 'es-sink', attempt: 1 },
};

let box: MemoryLetterBox;

/** A dead letter as the sinks write it; its offset follows from how many there are. */
function letter(sink: SinkName, offset: number, code: string, change: Partial<KafkaRecord> = {}): void {
  const original = {
    key: Buffer.from('visitor-1'),
    value: Buffer.from(`{"event_id":"id-${offset}"}`),
    headers: { event_type: 'select-color', trace: [Buffer.from('a'), Buffer.from('b')] },
    offset: offset + 100,
    timestamp: 1763800000000,
    ...change,
  };
  const reason = { code, message: `because of ${code}`, topic: TOPIC, partition: 2, sink, attempt: 1 };
  const { key, value, headers } = deadLetter(original, reason);
  const record = { key: key as Buffer, value: value as Buffer | null, headers: headers! };
  box.add(sink, { ...record, offset, timestamp: 1763800000000 });
}

beforeEach(() => {
  box = new MemoryLetterBox();
  letter('es-sink', 0, 'mapping');
  letter('es-sink', 1, 'too-large');
  letter('es-sink', 2, 'not-json', { value: Buffer.from([0x7b, 0xff, 0x00]) });
  letter('hdfs-sink', 0, 'not-json', { value: null, key: null });
});

const list = async (selection: Partial<Selection>) =>
  (await listLetters(box, { ...ALL, ...selection })).lines.join('\n');

describe('dlq list', () => {
  it('shows letter, code, message and the record it was', async () => {
    const lines = await list({ sinks: ['es-sink'], codes: ['mapping'] });
    expect(lines).toMatch(/es-sink +│ 0:0 +│ mapping +│ because of mapping +│ 2:100 /);
    expect(lines).toMatch(/1 dead letters$/);
  });

  it('filters by sink, code and time', async () => {
    expect(await list({})).toMatch(/4 dead letters$/);
    expect(await list({ sinks: ['hdfs-sink'] })).toMatch(/1 dead letters$/);
    expect(await list({ codes: ['mapping', 'too-large'] })).toMatch(/2 dead letters$/);
    expect(await list({ from: new Date(Date.now() + 60_000) })).toBe('no dead letters');
    expect(await list({ to: new Date(Date.now() - 60_000) })).toBe('no dead letters');
  });

  it('counts what is beyond the limit', async () => {
    const lines = await list({ limit: 1 });
    expect(lines).toMatch(/4 dead letters, the first 1 shown/);
    expect(lines.match(/because/g)).toHaveLength(1);
  });
});

describe('dlq show', () => {
  const show = (sinks: readonly SinkName[], offset: number) =>
    showLetter(box, sinks, { partition: 0, offset });

  it('gives every header, the key and the bytes', async () => {
    letter('es-sink', 3, 'mapping', { headers: { none: null } });
    expect((await show(['es-sink'], 3)).lines).toContain('  none: none');
    const { lines, exitCode } = await show(['es-sink'], 0);
    expect(exitCode).toBe(0);
    expect(lines).toEqual(
      expect.arrayContaining([
        '  event_type: select-color',
        '  trace: a',
        '  trace: b',
        '  dlq.code: mapping',
        '  dlq.offset: 100',
        '  key: visitor-1',
        '  19 bytes: {"event_id":"id-0"}',
      ]),
    );
  });

  it('shows bytes that are no text in hex, and tombstones', async () => {
    expect((await show(['es-sink'], 2)).lines).toContain('  3 bytes: hex 7bff00');
    expect((await show(['hdfs-sink'], 0)).lines).toEqual(
      expect.arrayContaining(['  key: none', '  no value (a tombstone)']),
    );
  });

  it('says so with exit code 1 when there is none', async () => {
    expect(await show(['es-sink'], 7)).toEqual({
      lines: ['no dead letter at 0:7 of es-sink'],
      exitCode: 1,
    });
  });
});

describe('what strangers wrote into a dead-letter topic', () => {
  const headers = { 'dlq.code': '\u001b[2J', 'dlq.timestamp': 'soon', replay_of: null };
  const junk = { key: null, value: Buffer.from('x'), offset: 9, timestamp: 2 ** 63 };
  beforeEach(() => box.add('es-sink', { ...junk, headers }));

  it('is shown and counted as such', async () => {
    expect(await list({})).toMatch(/5 dead letters, 1 of them written by no sink$/);
    expect(await list({ codes: ['foreign'] })).toMatch(
      /es-sink +│ 0:9 +│ foreign +│ not written by a sink +│ – +│ – /,
    );
    const { lines } = await showLetter(box, ['es-sink'], { partition: 0, offset: 9 });
    expect(lines).toEqual(
      expect.arrayContaining([
        'es-sink 0:9 (written by no sink)',
        '  dlq.code: hex 1b5b324a',
        '  replay_of: none',
      ]),
    );
  });

  it('never becomes a record of the topic', async () => {
    const { lines } = await replayLetters(box, { ...ALL, topic: TOPIC, execute: true, codes: ['foreign'] });
    expect(lines).toEqual([
      '0 records put into select-color again',
      '1 were not written by a sink of this topic',
    ]);
    expect(box.published).toEqual([]);
  });
});

describe('dlq replay', () => {
  const replay = async (selection: Partial<Selection & { execute: boolean }>) =>
    (await replayLetters(box, { ...ALL, topic: TOPIC, execute: true, ...selection })).lines;

  it('changes nothing without --execute', async () => {
    expect(await replay({ execute: false, codes: ['mapping'] })).toEqual([
      '1 records would be put into select-color again; --execute does it',
    ]);
    expect(box.published).toEqual([]);
  });

  it('publishes the original key, bytes and headers', async () => {
    await replay({ codes: ['mapping'] });
    expect(box.published).toEqual([
      {
        key: Buffer.from('visitor-1'),
        value: Buffer.from('{"event_id":"id-0"}'),
        headers: {
          event_type: 'select-color',
          trace: [Buffer.from('a'), Buffer.from('b')],
          replay_of: 'select-color.es-sink.dlq/0/0',
        },
      },
    ]);
  });

  it('gives back what the record had, whatever that is', async () => {
    const odd = { none: null, list: [null, Buffer.from([0xff])], '': Buffer.from(''), 'dlq.topic': 'mine' };
    letter('es-sink', 3, 'odd', { key: Buffer.from([0xff]), headers: { ...odd, ['__proto__']: 'p' } });
    await replay({ codes: ['odd'] });
    expect(box.published).toHaveLength(1);
    const [{ key, headers = {} } = { key: null }] = box.published;
    expect(key).toEqual(Buffer.from([0xff]));
    expect(Object.entries(headers)).toEqual([
      ...Object.entries(odd),
      ['__proto__', 'p'],
      ['replay_of', 'select-color.es-sink.dlq/0/3'],
    ]);
  });

  it('leaves alone what was cut', async () => {
    letter('es-sink', 3, 'cut', { headers: { 'dlq.truncated': 'mine' } });
    const headers = { ...deadLetter(ORIGINAL, REASON).headers, 'dlq.truncated': 'value' };
    box.add('es-sink', { ...ORIGINAL, headers, offset: 4 });
    expect(await replay({ sinks: ['es-sink'], codes: ['cut'] })).toEqual([
      '1 records put into select-color again',
      expect.stringContaining('1 were too large to be kept whole'),
    ]);
    expect(await list({ codes: ['cut'] })).toContain('(without value) x');
  });

  it('replays nothing of a table, whose newest row it may overwrite', async () => {
    const { lines } = await replayLetters(box, { ...ALL, topic: 'shop.product', execute: true });
    expect(lines[0]).toBe('0 records put into shop.product again');
    expect(lines[1]).toContain('4 are rows of a table');
  });

  it('replays a letter once, however often it runs', async () => {
    await replay({ codes: ['mapping'] });
    expect(await replay({})).toEqual([
      '1 records put into select-color again',
      '1 were replayed before',
      expect.stringContaining('2 can never be stored as they are'),
    ]);
    expect(box.published).toHaveLength(2);
  });

  it('leaves bytes that can never be stored, unless their code is named', async () => {
    await replay({ sinks: ['hdfs-sink'] });
    expect(box.published).toEqual([]);
    await replay({ sinks: ['hdfs-sink'], codes: ['not-json'] });
    expect(box.published).toMatchObject([{ key: null, value: null }]);
  });

  it('stops at the limit', async () => {
    expect(await replay({ limit: 1 })).toContain('1 are beyond the limit');
    expect(box.published).toHaveLength(1);
  });
});
