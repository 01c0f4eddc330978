import { beforeEach, describe, expect, it } from '@jest/globals';
import { storedEvent } from '../../testing/clicks.fixture.ts';
import { HistoryError } from '../query/history-error.ts';
import { MemoryHistory } from '../../testing/history.double.ts';
import { MemoryOffsetSource } from '../../testing/offset-source.double.ts';
import { EventTracer } from './event-tracer.ts';
import { MemoryDeadLetters } from '../../testing/dead-letters.double.ts';
import { MemoryRefusals } from '../../testing/refusals.double.ts';
import { RecentEvents } from './recent-events.ts';

const ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const EVENT = storedEvent({ event_id: ID, kafka_partition: 2, kafka_offset: 41 });
const PICK = { userName: EVENT.user_name, color: EVENT.color_name };
const POSITION = { topic: 'select-color', partition: 2, offset: 41, receivedAt: EVENT.received_at };

let history: MemoryHistory;
let offsets: MemoryOffsetSource;
let deadLetters: MemoryDeadLetters;
let refusals: MemoryRefusals;
let recent: RecentEvents;
let tracer: EventTracer;

const LETTER = { group: 'es-sink', code: 'mapping', message: 'failed to parse', position: POSITION };
const REFUSAL = {
  code: 'color-unknown',
  message: 'no such colour',
  path: 'color_name',
  receivedAt: EVENT.received_at,
};
const RECENT = { eventId: ID, position: POSITION, pick: PICK };
const committed = (group: string, offset: bigint) =>
  offsets.commits.set(group, new Map([['select-color', new Map([[2, offset]])]]));

beforeEach(() => {
  history = new MemoryHistory();
  offsets = new MemoryOffsetSource();
  deadLetters = new MemoryDeadLetters();
  refusals = new MemoryRefusals();
  recent = new RecentEvents();
  tracer = new EventTracer({ history, offsets, deadLetters, refusals, recent });
});

describe('the journey of an event', () => {
  it('that both stores have ends in its file and its index, and nobody else is asked', async () => {
    history.documentReply = () => ({ found: { index: 'select-color-2026.11.22', event: EVENT } });
    history.fileReply = { path: '/pipeline/select-color/x.jsonl' };
    expect(await tracer.trace(ID)).toEqual({
      eventId: ID,
      position: POSITION,
      pick: PICK,
      hdfs: { state: 'stored', place: '/pipeline/select-color/x.jsonl' },
      elasticsearch: { state: 'stored', place: 'select-color-2026.11.22' },
    });
    expect([deadLetters.asked, refusals.asked]).toEqual([0, 0]);
  });

  it('that was only just seen waits for its sinks, and says behind how many records', async () => {
    recent.add(RECENT);
    committed('hdfs-sink', 40n);
    committed('es-sink', 41n);
    expect(await tracer.trace(ID)).toMatchObject({
      position: POSITION,
      pick: PICK,
      hdfs: { state: 'waiting', records: 2 },
      elasticsearch: { state: 'waiting', records: 1 },
    });
  });

  it('that a sink gave up ends among the dead letters, with the reason', async () => {
    recent.add(RECENT);
    history.fileReply = { path: '/pipeline/x.jsonl' };
    committed('es-sink', 42n);
    deadLetters.letters = [LETTER];
    expect(await tracer.trace(ID)).toMatchObject({
      hdfs: { state: 'stored' },
      elasticsearch: { state: 'dead-lettered', code: 'mapping', message: 'failed to parse' },
    });
  });

  it('that only its dead letter remembers has the place that the letter tells', async () => {
    history.fileReply = { path: '/pipeline/x.jsonl' };
    committed('es-sink', 42n);
    deadLetters.letters = [LETTER];
    expect(await tracer.trace(ID)).toEqual({
      eventId: ID,
      position: POSITION,
      hdfs: { state: 'stored', place: '/pipeline/x.jsonl' },
      elasticsearch: { state: 'dead-lettered', code: 'mapping', message: 'failed to parse' },
    });
  });

  it('that the collector refused ends there, with the reason', async () => {
    refusals.byId.set(ID, REFUSAL);
    expect(await tracer.trace(ID)).toEqual({
      eventId: ID,
      refusal: REFUSAL,
      hdfs: { state: 'not-found' },
      elasticsearch: { state: 'not-found' },
    });
  });

  it('that hdfs-sink set aside is not in the file whose name covers its place', async () => {
    recent.add(RECENT);
    history.fileReply = { path: '/pipeline/x.jsonl' };
    const letters = ['hdfs-sink', 'es-sink'].map((group) => ({ ...LETTER, group }));
    deadLetters.letters = letters;
    committed('es-sink', 42n);
    expect(await tracer.trace(ID)).toMatchObject({ hdfs: { state: 'dead-lettered' } });
    deadLetters.letters = letters.map((letter) => ({ ...letter, position: { ...POSITION, offset: 7 } }));
    expect(await tracer.trace(ID)).toMatchObject({ hdfs: { state: 'stored' } });
  });

  it('that was repaired and sent again is where it is now', async () => {
    refusals.byId.set(ID, REFUSAL);
    recent.add(RECENT);
    expect(await tracer.trace(ID)).not.toHaveProperty('refusal');
  });

  it('of a page view has no pick', async () => {
    const { user_name: _name, color_name: _color, ...view } = EVENT;
    const event = { ...view, event_type: 'page-view' } as const;
    history.documentReply = () => ({ found: { index: 'page-view-2026.11.22', event } });
    const journey = await tracer.trace(ID);
    expect(journey).toMatchObject({ position: POSITION });
    expect(journey).not.toHaveProperty('pick');
  });

  it('that nobody knows is found nowhere', async () => {
    expect(await tracer.trace(ID)).toEqual({
      eventId: ID,
      hdfs: { state: 'not-found' },
      elasticsearch: { state: 'not-found' },
    });
  });

  it('names who does not answer instead of guessing', async () => {
    recent.add(RECENT);
    history.failure = new HistoryError('history-timeout', 'No answer');
    expect(await tracer.trace(ID)).toMatchObject({
      hdfs: { state: 'no-answer' },
      elasticsearch: { state: 'no-answer' },
    });
    history.failure = undefined;
    offsets.down = true;
    deadLetters.fails = true;
    expect(await tracer.trace(ID)).toMatchObject({ hdfs: { state: 'no-answer' } });
    expect(await tracer.trace('unknown')).toMatchObject({ hdfs: { state: 'no-answer' } });
    deadLetters.fails = false;
    expect(await tracer.trace('unknown')).toMatchObject({ hdfs: { state: 'not-found' } });
    refusals.fails = true;
    expect(await tracer.trace('unknown')).toMatchObject({ hdfs: { state: 'no-answer' } });
  });
});

describe('the journey of a place', () => {
  const { receivedAt: _receivedAt, ...PLACE } = POSITION;
  const LETTER_WITH_ID = { ...LETTER, message: `failed to parse field in document with id '${ID}'` };

  it('says how far its record came, and nothing that the event says', async () => {
    history.documentReply = (query) =>
      'topic' in query && query.offset === 41 ? { found: { index: 'select-color-x', event: EVENT } } : {};
    history.fileReply = { path: '/pipeline/x.jsonl' };
    expect(await tracer.traceAt(PLACE)).toEqual({
      position: POSITION,
      hdfs: { state: 'stored', place: '/pipeline/x.jsonl' },
      elasticsearch: { state: 'stored', place: 'select-color-x' },
    });
    expect([deadLetters.asked, refusals.asked]).toEqual([0, 0]);
  });

  it('of another copy of an event ends at the document of the event', async () => {
    recent.add(RECENT);
    history.documentReply = (query) =>
      'eventId' in query && query.eventId === ID
        ? { found: { index: 'select-color-x', event: { ...EVENT, kafka_offset: 3 } } }
        : {};
    expect(await tracer.traceAt(PLACE)).toMatchObject({
      position: POSITION,
      elasticsearch: { state: 'stored', place: 'select-color-x' },
    });
  });

  it('that was only just seen waits for its sinks', async () => {
    recent.add(RECENT);
    committed('hdfs-sink', 40n);
    committed('es-sink', 41n);
    const journey = await tracer.traceAt(PLACE);
    expect(journey).toMatchObject({
      hdfs: { state: 'waiting', records: 2 },
      elasticsearch: { state: 'waiting', records: 1 },
    });
    expect(JSON.stringify(journey)).not.toMatch(new RegExp(`${ID}|${EVENT.user_name}`));
  });

  it.each([
    ['seen live', () => recent.add(RECENT)],
    ['known from its dead letter alone', () => undefined],
  ])('that was given up, %s, has the code and no message, which may name the id', async (_, know) => {
    know();
    committed('es-sink', 42n);
    deadLetters.letters = [LETTER_WITH_ID];
    const journey = await tracer.traceAt(PLACE);
    expect(journey.elasticsearch).toEqual({ state: 'dead-lettered', code: 'mapping' });
    expect(JSON.stringify(journey)).not.toContain(ID);
  });

  it('where nothing is known ends nowhere, or says who does not answer', async () => {
    expect(await tracer.traceAt(PLACE)).toEqual({
      hdfs: { state: 'not-found' },
      elasticsearch: { state: 'not-found' },
    });
    history.failure = new HistoryError('history-timeout', 'No answer');
    deadLetters.fails = true;
    expect(await tracer.traceAt(PLACE)).toEqual({
      hdfs: { state: 'no-answer' },
      elasticsearch: { state: 'no-answer' },
    });
  });
});

describe('recent events', () => {
  it('are bounded, the oldest go first', () => {
    const at = (offset: number) => ({
      ...RECENT,
      eventId: `id-${offset}`,
      position: { ...POSITION, offset },
    });
    for (let n = 0; n <= 20_000; n++) recent.add(at(n));
    expect(['id-0', 'id-1', 'id-20000'].map((id) => recent.find(id))).toEqual([undefined, at(1), at(20_000)]);
    expect([0, 1, 20_000].map((n) => recent.at(at(n).position))).toEqual([undefined, at(1), at(20_000)]);
  });
});
