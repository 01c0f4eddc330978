import { describe, expect, it } from '@jest/globals';
import { validateEvent } from '@pipeline/event-schema/contract';
import { JSON_BODY, logsCollector, PROTOBUF_BODY } from '../../testing/logs-collector.fixture.ts';
import { logsOf, protobufOf, recordOf, SOURCE, text } from '../../testing/otlp.fixture.ts';
import { CollectorUnderTest } from '../../testing/start-collector.fixture.ts';

const { current, send, post, stored } = logsCollector();

function rejectionsOf(event: unknown): unknown {
  const validation = validateEvent(event, 'otlp');
  return validation.ok ? [] : validation.rejections;
}

describe('a log record', () => {
  it('is stored with all that its source says', async () => {
    const answer = await post(logsOf([recordOf(1)]));
    expect([answer.status, answer.text]).toEqual([200, '{}']);
    const [event] = stored();
    expect(event).toEqual({
      event_id: expect.stringMatching(
        /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      ),
      event_type: 'log-record',
      schema_version: 1,
      occurred_at: '2026-11-22T10:00:00.123Z',
      time_unix_nano: '1795341600123456790',
      severity_number: 17,
      severity_text: 'ERROR',
      body: 'payment 1 refused\n  at Checkout.pay',
      trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
      span_id: '00f067aa0ba902b7',
      attributes: { 'http.route': '/orders/{id}', attempt: '3' },
      service_name: 'checkout',
      service_instance: 'checkout-1',
      host_name: 'node-17',
      scope_name: 'payments',
      resource_attributes: {
        'service.name': 'checkout',
        'service.instance.id': 'checkout-1',
        'host.name': 'node-17',
        'otel.scope.version': '1.2.0',
      },
      received_at: expect.any(String),
    });
    expect(current().publisher.calls[0]).toMatchObject({
      topic: 'log-record',
      records: [{ key: 'checkout-1', headers: { event_type: 'log-record', schema_version: '1' } }],
    });
  });

  it('is the same event in both encodings', async () => {
    const everything = {
      ...recordOf(1),
      eventName: 'payment.refused',
      attributes: [
        { key: 'int', value: { intValue: '-9223372036854775808' } },
        { key: 'double', value: { doubleValue: 0.1 } },
        { key: 'whole', value: { doubleValue: 3 } },
        { key: 'bool', value: { boolValue: false } },
        { key: 'bytes', value: { bytesValue: 'AAH/' } },
        { key: 'empty', value: {} },
        {
          key: 'list',
          value: { arrayValue: { values: [{ stringValue: '"' }, { intValue: '9007199254740993' }, {}] } },
        },
        {
          key: 'object',
          value: {
            kvlistValue: {
              values: [
                { key: 'a', value: { doubleValue: 1.5 } },
                { key: 'b', value: { arrayValue: { values: [] } } },
              ],
            },
          },
        },
      ],
    };
    const request = logsOf([everything]);
    const answer = await send(protobufOf(request), PROTOBUF_BODY);
    expect([answer.status, answer.text, answer.headers['content-type']]).toEqual([
      200,
      '',
      'application/x-protobuf',
    ]);
    expect(stored()[0]).toMatchObject({
      time_unix_nano: '1795341600123456790',
      event_name: 'payment.refused',
      attributes: {
        int: '-9223372036854775808',
        double: '0.1',
        whole: '3',
        bool: 'false',
        bytes: 'AAH/',
        empty: '',
        list: '["\\"",9007199254740993,null]',
        object: '{"a":1.5,"b":[]}',
      },
    });
    expect((await post(request)).text).toBe('{}');
    expect(stored()).toHaveLength(1);
  });

  it.each<[string, object, object]>([
    ['no time', { timeUnixNano: '0' }, { time_unix_nano: '1795341601000000000' }],
    [
      'a time that is a number',
      { timeUnixNano: 1 },
      { time_unix_nano: '1', occurred_at: '1970-01-01T00:00:00.000Z' },
    ],
    [
      'a level in words',
      { severityNumber: 0, severityText: 'Warning' },
      { severity_number: 13, severity_text: 'Warning' },
    ],
    ['a level as a number', { severityText: '' }, { severity_number: 17, severity_text: 'ERROR' }],
    ['a level by its name', { severityNumber: 'SEVERITY_NUMBER_INFO2' }, { severity_number: 10 }],
    [
      'a body that is no text',
      { body: { kvlistValue: { values: [text('a', 'b')] } } },
      { body: '{"a":"b"}' },
    ],
    ['no body', { body: undefined }, { body: '' }],
    ['half a character', { body: { stringValue: 'a\ud83d' } }, { body: 'a\ufffd' }],
    [
      'a trace id in capitals',
      { traceId: 'ABCDEF00000000000000000000000001' },
      { trace_id: 'abcdef00000000000000000000000001' },
    ],
  ])('may have %s', async (_, change, expected) => {
    expect((await post(logsOf([{ ...recordOf(1), ...change }]))).text).toBe('{}');
    expect(stored()[0]).toMatchObject(expected);
  });

  it('without a time is filed as one that says none, and keeps its id', async () => {
    const record = { body: { stringValue: 'no clock' } };
    await post(logsOf([record]));
    expect(stored()[0]).toMatchObject({ occurred_at_original: '', occurred_at: stored()[0]!['received_at'] });
    expect(stored()[0]).not.toHaveProperty('time_unix_nano');
    await post(logsOf([record]));
    expect(stored()).toHaveLength(1);
  });

  it('keeps the digits of times that are numbers, which OTLP does not allow', async () => {
    const body = JSON.stringify(
      logsOf([{ ...recordOf(1), body: { stringValue: '"timeUnixNano":1234567890123456789' } }]),
    );
    await send(body.replace('"1795341600123456790"', '1795341600123456790'), JSON_BODY);
    expect(stored()[0]).toMatchObject({
      time_unix_nano: '1795341600123456790',
      body: '"timeUnixNano":1234567890123456789',
    });
  });

  it('takes no id of a trace that is none', async () => {
    for (const traceId of ['', '0'.repeat(32), 'x'.repeat(32), 'abc', 7]) {
      await post(
        logsOf([{ ...recordOf(1), traceId, spanId: '0'.repeat(16), body: { stringValue: String(traceId) } }]),
      );
    }
    expect(stored().filter((event) => 'trace_id' in event || 'span_id' in event)).toEqual([]);
    expect(stored()).toHaveLength(5);
  });

  it('goes by its host where no instance is known, else by its id', async () => {
    await post(logsOf([recordOf(1)], [text('host.name', 'node-17')]));
    await post(logsOf([recordOf(2)], []));
    const keys = current().publisher.calls.map(({ records }) => records[0]!.key);
    expect(keys).toEqual(['node-17', stored()[1]!['event_id']]);
  });

  it('loses no attribute for its name', async () => {
    const names = [
      'a',
      'a',
      'A',
      'a~2',
      '',
      '.',
      'x..y',
      ' ',
      '__proto__',
      'constructor',
      'tab\t',
      '\ud83d',
      '😀',
      '_id',
    ];
    const attributes = [
      ...names.map((name, n) => text(name, String(n))),
      text('.'.repeat(500), 'dots'),
      text('x'.repeat(500), 'long'),
      text('x'.repeat(501), 'longer'),
    ];
    await post(logsOf([{ ...recordOf(1), attributes }]));
    const [event] = stored();
    expect(Object.values(event!['attributes'] as object)).toEqual([
      ...names.map((_, n) => String(n)),
      'dots',
      'long',
      'longer',
    ]);
    expect(rejectionsOf(event)).toEqual([]);
  });

  it('may bring 10,000 names, one after the other', async () => {
    const records = Array.from({ length: 1_000 }, (_, n) => ({
      ...recordOf(n),
      attributes: Array.from({ length: 10 }, (_unused, m) => text(`Name.${10 * n + m}`, 'x')),
    }));
    expect((await post(logsOf(records))).text).toBe('{}');
    const names = stored().flatMap((event) => Object.keys(event['attributes'] as object));
    expect(new Set(names).size).toBe(10_000);
  });
});

describe('a batch that is sent again', () => {
  it('is stored once, equal records in it each', async () => {
    const request = logsOf([recordOf(1), recordOf(1), recordOf(1), recordOf(2)]);
    await post(request);
    expect(new Set(stored().map((event) => event['event_id'])).size).toBe(4);
    expect((await post(request)).text).toBe('{}');
    expect(stored()).toHaveLength(4);
  });

  it('has the same ids at another collector, whenever its agent saw it', async () => {
    await post(logsOf([recordOf(1)]));
    const other = await CollectorUnderTest.start();
    const again = { ...recordOf(1), observedTimeUnixNano: '1795341699000000000' };
    await other.ask({
      method: 'POST',
      url: '/v1/logs',
      payload: JSON.stringify(logsOf([again])),
      headers: JSON_BODY,
    });
    expect(other.publisher.events()[0]!['event_id']).toBe(stored()[0]!['event_id']);
    await other.close();
  });

  it.each<[string, object]>([
    ['time', { timeUnixNano: '1795341600123456791' }],
    ['body', { body: { stringValue: 'other' } }],
    ['level', { severityNumber: 9 }],
    ['attribute', { attributes: [text('http.route', '/orders')] }],
    ['trace', { traceId: '4bf92f3577b34da6a3ce929d0e0e4737' }],
  ])('is another record with another %s', async (_, change) => {
    await post(logsOf([recordOf(1)]));
    await post(logsOf([{ ...recordOf(1), ...change }]));
    expect(stored()).toHaveLength(2);
  });

  it('is another record from another source', async () => {
    await post(logsOf([recordOf(1)]));
    await post(logsOf([recordOf(1)], [...SOURCE, text('container.id', 'other')]));
    expect(stored()).toHaveLength(2);
  });
});
