import { describe, expect, it } from '@jest/globals';
import { createLogger } from '@pipeline/observability';
import {
  encodeRecords,
  headerEntries,
  type KafkaRecord,
  type OutgoingRecord,
  type RecordHeaders,
} from '@pipeline/kafka-wire';
import { TransportError } from '@pipeline/kafka-driver';
import { DEAD_LETTER_HEADERS, deadLetter, originalHeaders, readLetterhead } from './dead-letter.ts';
import { DeadLetterPublisher } from './dead-letter-publisher.ts';

const REASON = {
  ...{ code: 'not-json', message: 'x'.repeat(5_000), topic: 'select-color', partition: 2 },
  ...{ sink: 'es-sink', attempt: 1 },
};
const TOPIC = 'select-color.es-sink.dlq';

function recordOf(change: Partial<KafkaRecord> = {}): KafkaRecord {
  return {
    key: Buffer.from('v-1'),
    value: Buffer.from([0xff, 0x00, 0x7b]),
    headers: { event_type: Buffer.from('select-color') },
    offset: 42,
    timestamp: 1700000000000,
    ...change,
  };
}

/** A dead-letter topic with a limit, whose letters are read as a consumer reads them. */
function letterTopic({ maxBytes = 1_114_124 } = {}) {
  const written: OutgoingRecord[] = [];
  const outages: Error[] = [];
  const publish = (_topic: string, records: readonly OutgoingRecord[]) => {
    const outage = outages.shift();
    if (outage) return Promise.reject(outage);
    const encoded = encodeRecords(records);
    for (let index = 0; index < encoded.count; index++)
      if (encoded.sizeBoundOf(index) > maxBytes)
        return Promise.reject(new TransportError('record-refused', 'error 10'));
    written.push(...encoded.decode());
    return Promise.resolve('broker' as const);
  };
  const publisher = new DeadLetterPublisher({ publish }, createLogger('spec', 'silent'));
  const move = (...records: KafkaRecord[]) =>
    publisher.publish(
      TOPIC,
      records.map((record) => ({ record, reason: REASON })),
    );
  const header = (index: number, name: keyof typeof DEAD_LETTER_HEADERS) =>
    written[index]!.headers![DEAD_LETTER_HEADERS[name]]?.toString();
  return { written, outages, move, header };
}

const bytesOf = (part: string | Buffer | null | undefined) => part?.length ?? 0;

describe('deadLetter', () => {
  it('says of a record that was not read whole how long it was', () => {
    const { headers } = deadLetter(recordOf({ cutFromBytes: 5_000_000 }), REASON);
    expect(headers).toMatchObject({ 'dlq.truncated': 'value', 'dlq.value_bytes': '5000000' });
  });

  it('keeps key, bytes and headers of the record and adds where, why and when', () => {
    const record = recordOf();
    const letter = deadLetter(record, REASON);
    expect(letter.value).toBe(record.value);
    expect(letter.key).toEqual(Buffer.from('v-1'));
    expect(letter.headers).toMatchObject({
      event_type: Buffer.from('select-color'),
      'dlq.code': 'not-json',
      'dlq.topic': 'select-color',
      'dlq.partition': '2',
      'dlq.offset': '42',
      'dlq.timestamp': '1700000000000',
      'dlq.sink': 'es-sink',
      'dlq.attempt': '1',
    });
    expect(letter.headers!['dlq.message']).toHaveLength(1_000);
    expect(letter.headers).not.toHaveProperty(['dlq.truncated']);
  });

  it('gives every header of its record back, also one that looks like its own', () => {
    const headers: RecordHeaders = {
      b3: [Buffer.from('a'), null, Buffer.from([0xff])],
      '': Buffer.from('no name'),
      ['__proto__']: Buffer.from('p'),
      'dlq.topic': Buffer.from('elsewhere'),
      'dlq.own.x': [null, Buffer.from('y')],
    };
    const [letter] = encodeRecords([deadLetter(recordOf({ headers }), REASON)]).decode();
    expect(readLetterhead(letter!.headers)?.topic).toBe('select-color');
    expect(headerEntries(originalHeaders(letter!.headers!))).toEqual(headerEntries(headers));
  });
});

describe('readLetterhead', () => {
  const letterOf = (change: RecordHeaders) => ({ ...deadLetter(recordOf(), REASON).headers, ...change });

  it('tells what a sink wrote', () => {
    expect(readLetterhead(letterOf({}))).toMatchObject({
      ...{ code: 'not-json', topic: 'select-color', partition: 2, offset: '42', sink: 'es-sink' },
      appendedAt: new Date(1_700_000_000_000),
      truncated: [],
    });
  });

  it('knows a record that no sink has written, whatever its headers are', () => {
    const junk = [
      undefined,
      {},
      { 'dlq.code': 'mapping' },
      letterOf({ 'dlq.offset': '-1' }),
      letterOf({ 'dlq.partition': [] }),
      letterOf({ 'dlq.topic': null }),
      letterOf({ 'dlq.code': '\u001b[2J' }),
      letterOf({ 'dlq.failed_at': 'soon' }),
    ];
    expect(junk.map((headers) => readLetterhead(headers))).toEqual(junk.map(() => undefined));
  });

  it('has no time of append where no clock can have said so', () => {
    for (const timestamp of ['soon', '', '9223372036854775807', null])
      expect(readLetterhead(letterOf({ 'dlq.timestamp': timestamp }))).toEqual(
        expect.not.objectContaining({ appendedAt: expect.anything() }),
      );
  });
});

describe('DeadLetterPublisher', () => {
  it('writes a value that the topic does not take cut, says so, and leaves its neighbours whole', async () => {
    const { written, move, header } = letterTopic({ maxBytes: 100_000 });
    await move(recordOf(), recordOf({ offset: 43, value: Buffer.alloc(1_000_000, 'a') }), recordOf());
    expect(written).toHaveLength(3);
    expect(bytesOf(written[1]!.value)).toBeGreaterThan(25_000);
    expect([0, 1, 2].map((n) => header(n, 'truncated'))).toEqual([undefined, 'value', undefined]);
    expect([header(1, 'valueBytes'), header(1, 'offset')]).toEqual(['1000000', '43']);
    expect(written[1]!.headers).toHaveProperty('event_type');
  });

  it('writes a record that was inflated beyond every limit', async () => {
    const { written, move, header } = letterTopic();
    await move(recordOf({ value: Buffer.alloc(5 << 20, 'a') }));
    expect(bytesOf(written[0]!.value)).toBeGreaterThan(1_000_000);
    expect(header(0, 'valueBytes')).toBe(String(5 << 20));
  });

  it('drops headers that leave no room for the value, and cuts a key that does', async () => {
    const { written, move, header } = letterTopic({ maxBytes: 100_000 });
    const large = Buffer.alloc(300_000);
    await move(recordOf({ headers: { large } }));
    await move(recordOf({ key: large }));
    expect([header(0, 'truncated'), bytesOf(written[0]!.value)]).toEqual(['headers', 3]);
    expect([header(1, 'truncated'), bytesOf(written[1]!.value)]).toEqual(['key', 3]);
  });

  it('writes only where the record lies when the topic takes hardly anything', async () => {
    const { written, move, header } = letterTopic({ maxBytes: 1_500 });
    await move(recordOf({ value: Buffer.alloc(5_000) }));
    expect(written).toMatchObject([{ key: null, value: null }]);
    expect([header(0, 'truncated'), header(0, 'offset')]).toEqual(['headers,key,value', '42']);
  });

  it('does without headers that our own code cannot write', async () => {
    const { written, move, header } = letterTopic();
    await move(recordOf({ headers: { odd: 7 as unknown as Buffer } }));
    expect([header(0, 'truncated'), bytesOf(written[0]!.value)]).toEqual(['headers', 3]);
  });

  it('writes only where the record lies when our own code cannot even look at it', async () => {
    const { written, move, header } = letterTopic();
    const record = recordOf();
    Object.defineProperty(record, 'value', {
      get: () => {
        throw new TypeError('detached');
      },
    });
    await move(record);
    expect([written[0]!.value, header(0, 'truncated')]).toEqual([null, 'headers,key,value']);
  });

  it('rejects while Kafka is away and cuts nothing then', async () => {
    const { written, outages, move } = letterTopic();
    outages.push(new TransportError('broker-unavailable', 'down'));
    await expect(move(recordOf())).rejects.toMatchObject({ code: 'broker-unavailable' });
    await move(recordOf());
    expect(written[0]!.headers).not.toHaveProperty(['dlq.truncated']);
  });

  it('rejects with the refusal when the topic takes no form of a letter', async () => {
    const { move } = letterTopic({ maxBytes: 10 });
    await expect(move(recordOf())).rejects.toMatchObject({ code: 'record-refused' });
  });
});
