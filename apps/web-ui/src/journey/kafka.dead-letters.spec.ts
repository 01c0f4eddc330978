import { beforeEach, describe, expect, it } from '@jest/globals';
import { EVENT_TOPICS, SINK_NAMES } from '@pipeline/event-schema';
import { deadLetter } from '@pipeline/kafka-transport';
import { KafkaDeadLetters } from './kafka.dead-letters.ts';
import { MemoryTopicReader } from '../../testing/topic-reader.double.ts';

let reader: MemoryTopicReader;
let letters: KafkaDeadLetters;
beforeEach(() => {
  reader = new MemoryTopicReader();
  letters = new KafkaDeadLetters(reader);
});

const REASON = { topic: 'select-color', partition: 2, sink: 'es-sink', attempt: 1 };
const RECORD = { key: null, value: Buffer.from('{}'), offset: '41', timestamp: '1795341600000' };

function put(topic: string, value: string, code = 'mapping', change: Record<string, string> = {}): void {
  const { headers } = deadLetter(RECORD, { ...REASON, code, message: `not ${code}` });
  reader.put(topic, value, { ...(headers as Record<string, string>), ...change });
}

describe('the dead letters of an event', () => {
  it('are found in the topics of both sinks and of every event type, with reason and place', async () => {
    put('select-color.es-sink.dlq', '{"event_id":"a"}');
    put('page-view.hdfs-sink.dlq', '{"event_id":"a"}', 'invalid-json');
    put('select-color.es-sink.dlq', '{"event_id":"b"}');
    const position = {
      topic: 'select-color',
      partition: 2,
      offset: 41,
      receivedAt: new Date(1_795_341_600_000).toISOString(),
    };
    expect(await letters.find({ eventId: 'a' })).toEqual([
      { group: 'hdfs-sink', code: 'invalid-json', message: 'not invalid-json', position },
      { group: 'es-sink', code: 'mapping', message: 'not mapping', position },
    ]);
  });

  it('are found by the place of the record too, in the topics of its event type alone', async () => {
    put('select-color.es-sink.dlq', '{"event_id":"a"}');
    put('select-color.es-sink.dlq', '{"event_id":"b"}', 'refused', { 'dlq.offset': '42' });
    put('select-color.hdfs-sink.dlq', '{"event_id":"c"}', 'refused', { 'dlq.partition': '1' });
    const place = { topic: 'select-color', partition: 2, offset: 41 };
    expect(await letters.find(place)).toMatchObject([{ group: 'es-sink', code: 'mapping', position: place }]);
    expect(reader.reads.map(([topic]) => topic)).toEqual([
      'select-color.hdfs-sink.dlq',
      'select-color.es-sink.dlq',
    ]);
    expect(await letters.find({ ...place, topic: 'page-view' })).toEqual([]);
  });

  it('are not those of an event whose id begins alike', async () => {
    put('select-color.es-sink.dlq', '{"event_id":"abc"}');
    expect(await letters.find({ eventId: 'ab' })).toEqual([]);
  });

  it('are not those that only mention the id, nor what no sink has written', async () => {
    put('select-color.es-sink.dlq', '{"event_id":"b","referrer":"a"}');
    put('select-color.es-sink.dlq', '"a"');
    put('select-color.es-sink.dlq', 'not JSON: "a"');
    reader.put('select-color.es-sink.dlq', '{"event_id":"a"}');
    put('select-color.es-sink.dlq', '{"event_id":"a"}', 'mapping', { 'dlq.offset': 'soon' });
    expect(await letters.find({ eventId: 'a' })).toEqual([]);
  });

  it('have a place also where the time of append is no time', async () => {
    put('select-color.es-sink.dlq', '{"event_id":"a"}', 'mapping', { 'dlq.timestamp': '1e300' });
    expect(await letters.find({ eventId: 'a' })).toMatchObject([{ position: { offset: 41 } }]);
  });

  it('are found where the value was cut', async () => {
    put('select-color.es-sink.dlq', '{"event_id":"a","pad":"xx', 'too-large', { 'dlq.truncated': 'value' });
    expect(await letters.find({ eventId: 'a' })).toHaveLength(1);
  });

  it('are looked for among the newest only, however many there are', async () => {
    await letters.find({ eventId: 'a' });
    expect(reader.reads).toHaveLength(EVENT_TOPICS.length * SINK_NAMES.length);
    expect(new Set(reader.reads.map(([, newest]) => newest))).toEqual(new Set([2_000]));
  });

  it('are looked for once at a time: who comes meanwhile has no answer, and the next one has', async () => {
    let goOn = (): void => undefined;
    reader.held = new Promise((resolve) => (goOn = resolve));
    const first = letters.find({ eventId: 'a' });
    await expect(letters.find({ eventId: 'b' })).rejects.toThrow('under way');
    goOn();
    await first;
    await expect(letters.find({ eventId: 'b' })).resolves.toEqual([]);
  });
});
