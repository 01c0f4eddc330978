import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import protobuf from 'protobufjs/minimal.js';
import {
  JSON_BODY,
  logsCollector,
  numberAndText,
  PROTOBUF_BODY,
} from '../../testing/logs-collector.fixture.ts';
import { logsOf, protobufOf, recordOf, text } from '../../testing/otlp.fixture.ts';
import { CollectorUnderTest } from '../../testing/start-collector.fixture.ts';
import { LOG_JSON_LIMITS } from '../logs/logs-answer.ts';

const { current, send, post, stored } = logsCollector();

/** A tag and a length, before so many bytes. */
function lengthOf(field: number, bytes: number): Buffer {
  return Buffer.from(
    protobuf.Writer.create()
      .uint32((field << 3) | 2)
      .uint32(bytes)
      .finish(),
  );
}

describe('a wrong record', () => {
  const wrong = [
    [{ timeUnixNano: 'yesterday' }, 'time_unix_nano: '],
    [{ timeUnixNano: '18446744073709551615' }, 'time_unix_nano: '],
    [{ timeUnixNano: '-1' }, 'time_unix_nano: '],
    [{ severityNumber: 25 }, 'severity_number: '],
    [{ severityNumber: {} }, 'severity_number: '],
    [{ body: 'no OTLP value' }, 'body: '],
    [{ body: { intValue: 1.5 } }, 'body: '],
    [{ body: { boolValue: 1 } }, 'body: '],
    [{ attributes: { a: 1 } }, 'attributes: '],
    [{ attributes: [7] }, 'attributes: '],
    [{ attributes: Array.from({ length: 1_001 }, (_, n) => text(`a${n}`, '')) }, 'attributes: '],
    [{ body: { stringValue: 'x'.repeat(900_000) } }, 'The event has too many bytes'],
  ] as const;

  it.each(wrong)('is told by partialSuccess and spoils no other (%#)', async (change, reason) => {
    const records = [recordOf(1), { ...recordOf(2), ...change }, recordOf(3)];
    const { status, json } = await post(logsOf(records));
    const { partialSuccess } = json as { partialSuccess?: object };
    expect([status, partialSuccess]).toMatchObject([
      200,
      { rejectedLogRecords: '1', errorMessage: expect.stringContaining(`1: ${reason}`) },
    ]);
    expect(stored().map((event) => event['body'])).toEqual(
      [records[0]!.body, records[2]!.body].map((body) => (body as { stringValue: string }).stringValue),
    );
    expect(current().rejected.events).toHaveLength(1);
  });

  it('is told in protobuf, too', async () => {
    const answer = await send(
      protobufOf(logsOf([recordOf(1), { ...recordOf(2), severityNumber: 99 }])),
      PROTOBUF_BODY,
    );
    expect(answer.status).toBe(200);
    const outer = protobuf.Reader.create(answer.bytes);
    expect(outer.uint32()).toBe((1 << 3) | 2);
    const [count, reason] = numberAndText(outer.bytes());
    expect([count, reason]).toEqual([1, expect.stringContaining('1: severity_number: ')]);
  });

  it('is an answer also where no record is right', async () => {
    const { status, json } = await post(
      logsOf([
        { ...recordOf(1), severityNumber: 99 },
        { ...recordOf(2), severityNumber: 99 },
      ]),
    );
    expect([status, json]).toMatchObject([
      200,
      { partialSuccess: { rejectedLogRecords: '2', errorMessage: expect.stringMatching(/^2: /) } },
    ]);
    expect(stored()).toEqual([]);
  });
});

describe('a request', () => {
  it('may hold nothing', async () => {
    for (const empty of [
      {},
      { resourceLogs: [] },
      { resourceLogs: [{}] },
      { resourceLogs: [{ scopeLogs: [{}] }] },
    ]) {
      expect((await post(empty)).text).toBe('{}');
      expect((await send(protobufOf(empty), PROTOBUF_BODY)).status).toBe(200);
    }
  });

  it('may be compressed', async () => {
    const body = JSON.stringify(logsOf([recordOf(1)]));
    expect((await send(gzipSync(body), { ...JSON_BODY, 'content-encoding': 'gzip' })).text).toBe('{}');
    const packed = zstdCompressSync(protobufOf(logsOf([recordOf(2)])));
    expect((await send(packed, { ...PROTOBUF_BODY, 'content-encoding': 'zstd' })).status).toBe(200);
    expect(stored()).toHaveLength(2);
  });

  it.each<[string, string | Buffer, Record<string, string>, number, number, string]>([
    ['no JSON', '{"resourceLogs":', JSON_BODY, 400, 3, 'malformed-json'],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), JSON_BODY, 400, 3, 'not-utf8'],
    ['no message', '[]', JSON_BODY, 400, 3, 'malformed-otlp'],
    ['a list that is none', '{"resourceLogs":{}}', JSON_BODY, 400, 3, 'malformed-otlp'],
    ['records that are none', JSON.stringify(logsOf([7 as never])), JSON_BODY, 400, 3, 'malformed-otlp'],
    ['another type', 'x', { 'content-type': 'text/plain' }, 415, 3, 'unsupported-media-type'],
    [
      'deep nesting',
      `{"x":${'['.repeat(200)}${']'.repeat(200)}}${' '.repeat(5_000)}`,
      JSON_BODY,
      413,
      8,
      'json-too-complex',
    ],
    [
      'an object of many names',
      `{${Array.from({ length: 2 * LOG_JSON_LIMITS.namesOfObject }, (_, n) => `"name-${n}-${'x'.repeat(100)}":1`).join(',')}}`,
      JSON_BODY,
      413,
      8,
      'json-too-complex',
    ],
    [
      'many records',
      `{"resourceLogs":[{"scopeLogs":[{"logRecords":[${'{},'.repeat(20_000)}{}]}]}]}`,
      JSON_BODY,
      413,
      8,
      'too-many-records',
    ],
    [
      'a bomb',
      gzipSync(Buffer.alloc(20_000_000, ' ')),
      { ...JSON_BODY, 'content-encoding': 'gzip' },
      413,
      8,
      'body-too-large',
    ],
  ])('of %s is refused for good', async (_what, body, headers, status, code, reason) => {
    const answer = await send(body, headers);
    expect([answer.status, answer.json]).toEqual([
      status,
      { code, message: expect.stringContaining(reason) },
    ]);
    expect(answer.headers['retry-after']).toBeUndefined();
  });

  it('whose records share too much is refused', async () => {
    const resource = [text('service.name', 'x'), text('large', 'x'.repeat(100_000))];
    const answer = await post(
      logsOf(
        Array.from({ length: 1_000 }, (_, n) => recordOf(n)),
        resource,
      ),
    );
    expect([answer.status, answer.json.message]).toEqual([413, expect.stringContaining('too-many-records')]);
  });

  it.each([
    [
      'records',
      Buffer.concat([
        lengthOf(1, 400_004),
        lengthOf(2, 400_000),
        Buffer.alloc(400_000, '\x12\x00', 'latin1'),
      ]),
    ],
    [
      'attributes',
      Buffer.concat([
        lengthOf(1, 1_000_004),
        lengthOf(1, 1_000_000),
        Buffer.alloc(1_000_000, '\x0a\x00', 'latin1'),
      ]),
    ],
  ])('of many empty %s in protobuf is refused before they fill the memory', async (_, body) => {
    const answer = await send(body, PROTOBUF_BODY);
    expect(answer.status).toBe(413);
    expect(numberAndText(answer.bytes)).toEqual([8, expect.stringContaining('too-many-records')]);
  });

  it.each([
    ['truncated', protobufOf(logsOf([recordOf(1)])).subarray(0, 40)],
    ['no protobuf', Buffer.from('{"resourceLogs":[]}')],
    ['a field longer than its message', Buffer.from([0x0a, 0x02, 0x12, 0x05])],
  ])('that is %s is refused in its own encoding', async (_, body) => {
    const answer = await send(body, PROTOBUF_BODY);
    expect([answer.status, answer.headers['content-type']]).toEqual([400, 'application/x-protobuf']);
    expect(numberAndText(answer.bytes)).toEqual([3, expect.stringContaining('malformed-otlp')]);
  });

  it('is to be sent again while Kafka is away', async () => {
    current().publisher.failure = 'kafka-unavailable';
    const answer = await post(logsOf([recordOf(1)]));
    expect([answer.status, answer.json]).toEqual([
      503,
      { code: 14, message: expect.stringContaining('kafka-unavailable') },
    ]);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    current().publisher.failure = undefined;
    expect((await post(logsOf([recordOf(1)]))).text).toBe('{}');
  });

  it('needs the key and keeps to the rate of events', async () => {
    const strict = await CollectorUnderTest.start({
      COLLECTOR_API_WRITE_KEYS: 'secret',
      COLLECTOR_API_RATE_LIMIT: '1',
      COLLECTOR_API_RATE_LIMIT_BURST: '2',
    });
    const ask = (headers: Record<string, string>) =>
      strict.ask({
        method: 'POST',
        url: '/v1/logs',
        payload: JSON.stringify(logsOf([recordOf(1)])),
        headers,
      });
    expect((await ask(JSON_BODY)).json).toEqual({
      code: 16,
      message: expect.stringContaining('write-key-missing'),
    });
    expect((await ask({ ...JSON_BODY, 'x-write-key': 'secret' })).status).toBe(200);
    const limited = await ask({ ...JSON_BODY, 'x-write-key': 'secret' });
    expect([limited.status, limited.json]).toMatchObject([429, { code: 8 }]);
    expect(limited.headers['retry-after']).toBeDefined();
    await strict.close();
  });

  it('takes no other way: a posted log record is rejected', async () => {
    const { status, json } = await current().post({ event_type: 'log-record', body: 'forged' });
    expect([status, json.results]).toMatchObject([
      400,
      [{ status: 'rejected', code: 'event-type-not-taken' }],
    ]);
  });

  it('of events is not taken as protobuf', async () => {
    expect((await current().send(Buffer.from([0]), PROTOBUF_BODY)).json.code).toBe('unsupported-media-type');
  });
});
