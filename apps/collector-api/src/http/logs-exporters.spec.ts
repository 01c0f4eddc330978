import { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { OTLPLogExporter as JsonExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtobufExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordExporter } from '@opentelemetry/sdk-logs';
import { CollectorUnderTest } from '../../testing/start-collector.fixture.ts';

let collector: CollectorUnderTest;
let url: string;

beforeAll(async () => {
  collector = await CollectorUnderTest.start();
  await collector.app.listen(0, '127.0.0.1');
  url = `http://127.0.0.1:${(collector.app.getHttpServer().address() as AddressInfo).port}/v1/logs`;
});

afterAll(() => collector.close());

const TIME_MS = 1_795_341_600_123;

/** Logs as an application does that knows nothing of us. */
async function log(exporter: LogRecordExporter, body: string): Promise<void> {
  const provider = new LoggerProvider({ processors: [new BatchLogRecordProcessor({ exporter })] });
  const logger = provider.getLogger('payments', '1.2.0');
  for (let n = 0; n < 100; n += 1) {
    logger.emit({
      timestamp: TIME_MS + n,
      severityNumber: 13,
      severityText: 'WARN',
      body: `${body} ${n}`,
      eventName: 'payment.slow',
      attributes: { attempt: n, isLast: false, ratio: 0.5, tags: ['a', 'b'], nested: { deep: 1 } },
    });
  }
  await provider.forceFlush();
  await provider.shutdown();
}

const ofBody = (body: string) =>
  collector.publisher.events().filter((event) => String(event['body']).startsWith(body));

it.each([
  ['JSON', () => new JsonExporter({ url })],
  ['protobuf', () => new ProtobufExporter({ url })],
  ['compressed JSON', () => new JsonExporter({ url, compression: 'gzip' as never })],
])('takes what the OpenTelemetry SDK sends as %s', async (name, exporter) => {
  await log(exporter(), name);
  const events = ofBody(`${name} `);
  expect(events).toHaveLength(100);
  expect(events[7]).toMatchObject({
    occurred_at: new Date(TIME_MS + 7).toISOString(),
    time_unix_nano: `${TIME_MS + 7}000000`,
    severity_number: 13,
    severity_text: 'WARN',
    body: `${name} 7`,
    event_name: 'payment.slow',
    scope_name: 'payments',
    attributes: { attempt: '7', isLast: 'false', ratio: '0.5', tags: '["a","b"]', nested: '{"deep":1}' },
    resource_attributes: { 'otel.scope.version': '1.2.0', 'telemetry.sdk.language': 'nodejs' },
  });
});

it('has the SDK send again what could not be made durable', async () => {
  collector.publisher.failure = 'kafka-unavailable';
  const sent = log(new ProtobufExporter({ url }), 'later');
  while (collector.publisher.calls.length < 4) await new Promise(setImmediate);
  collector.publisher.failure = undefined;
  await sent;
  expect(new Set(ofBody('later').map((event) => event['event_id'])).size).toBe(100);
});
