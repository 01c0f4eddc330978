import { beforeEach, describe, expect, it } from '@jest/globals';
import { storedEvent } from '../../test/clicks.ts';
import { HistoryError } from '../query/history-error.ts';
import { MemoryHistory } from '../query/memory.history.ts';
import { MemoryOffsetSource } from '../status/memory.offset-source.ts';
import { EventTracer } from './event-tracer.ts';
import { MemoryDeadLetters } from './memory.dead-letters.ts';
import { RecentEvents } from './recent-events.ts';

const ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const EVENT = storedEvent({ event_id: ID, kafka_partition: 2, kafka_offset: 41 });
const POSITION = { topic: 'select-color', partition: 2, offset: 41, receivedAt: EVENT.received_at };

let history: MemoryHistory;
let offsets: MemoryOffsetSource;
let deadLetters: MemoryDeadLetters;
let recent: RecentEvents;
let tracer: EventTracer;

const committed = (group: string, offset: bigint) =>
  offsets.commits.set(group, new Map([['select-color', new Map([[2, offset]])]]));

beforeEach(() => {
  history = new MemoryHistory();
  offsets = new MemoryOffsetSource();
  deadLetters = new MemoryDeadLetters();
  recent = new RecentEvents();
  tracer = new EventTracer({ history, offsets, deadLetters, recent });
});

describe('the journey of an event', () => {
  it('that both stores have ends in its file and its index, and nobody else is asked', async () => {
    history.documentReply = () => ({ found: { index: 'select-color-2026.11.22', event: EVENT } });
    history.fileReply = { path: '/pipeline/select-color/x.jsonl' };
    expect(await tracer.trace(ID)).toEqual({
      eventId: ID,
      position: POSITION,
      hdfs: { state: 'stored', place: '/pipeline/select-color/x.jsonl' },
      elasticsearch: { state: 'stored', place: 'select-color-2026.11.22' },
    });
    expect(deadLetters.asked).toBe(0);
  });

  it('that was only just seen waits for its sinks, and says behind how many records', async () => {
    recent.add(ID, POSITION);
    committed('hdfs-sink', 40n);
    committed('es-sink', 41n);
    expect(await tracer.trace(ID)).toMatchObject({
      position: POSITION,
      hdfs: { state: 'waiting', records: 2 },
      elasticsearch: { state: 'waiting', records: 1 },
    });
  });

  it('that a sink gave up ends among the dead letters, with the reason', async () => {
    recent.add(ID, POSITION);
    history.fileReply = { path: '/pipeline/x.jsonl' };
    committed('es-sink', 42n);
    deadLetters.letters = [{ group: 'es-sink', code: 'mapping', message: 'failed to parse' }];
    expect(await tracer.trace(ID)).toMatchObject({
      hdfs: { state: 'stored' },
      elasticsearch: { state: 'dead-lettered', code: 'mapping', message: 'failed to parse' },
    });
  });

  it('that nobody knows is found nowhere', async () => {
    expect(await tracer.trace(ID)).toEqual({
      eventId: ID,
      hdfs: { state: 'not-found' },
      elasticsearch: { state: 'not-found' },
    });
  });

  it('names who does not answer instead of guessing', async () => {
    recent.add(ID, POSITION);
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
  });
});

describe('recent events', () => {
  it('are bounded, the oldest go first', () => {
    for (let n = 0; n <= 20_000; n++) recent.add(String(n), POSITION);
    expect([recent.find('0'), recent.find('1'), recent.find('20000')]).toEqual([
      undefined,
      POSITION,
      POSITION,
    ]);
  });
});
