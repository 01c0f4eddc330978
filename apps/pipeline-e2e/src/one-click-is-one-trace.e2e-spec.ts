import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { eventually, startPipeline, TraceReceiver, type LocalStack } from '@pipeline/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { colorClick } from './support/color-click.ts';
import { PATIENT_COLLECTOR } from './support/patient-collector.ts';

const APPS = ['collector-api', 'hdfs-sink', 'es-sink'] as const;

describe('one click, traced', () => {
  const receiver = new TraceReceiver();
  let stack: LocalStack;
  beforeAll(async () => {
    const endpoint = await receiver.listen();
    stack = await startPipeline({
      apps: APPS,
      environment: {
        ...PATIENT_COLLECTOR,
        OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
        OTEL_TRACES_SAMPLER: 'parentbased_always_off',
        OTEL_BSP_SCHEDULE_DELAY: '200',
        HDFS_SINK_FLUSH_MAX_AGE_MS: '500',
        LOG_LEVEL: 'debug',
      },
    });
  });
  afterAll(async () => {
    await stack?.stop();
    await receiver.close();
  });

  const send = async (headers: Record<string, string>) => {
    const answer = await fetch(`${stack.app('collector-api').url}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(colorClick()),
    });
    expect(answer.status).toBe(202);
  };

  const linesWith = async (app: string, traceId: string) =>
    (await readFile(stack.app(app).logFile, 'utf8'))
      .split('\n')
      .filter((line) => line.includes(`"trace_id":"${traceId}"`))
      .map((line) => (JSON.parse(line) as { msg: string }).msg);

  const traceId = randomUUID().replaceAll('-', '');
  const clientSpanId = traceId.slice(0, 16);

  it('is one trace: client → accept → produce → store in HDFS and in Elasticsearch', async () => {
    await send({ traceparent: `00-${traceId}-${clientSpanId}-01` });
    const trace = await eventually(() => {
      const spans = receiver.trace(traceId);
      expect([...spans.keys()].sort()).toEqual([
        'collector-api: accept',
        'collector-api: produce select-color',
        'es-sink: store select-color',
        'hdfs-sink: store select-color',
      ]);
      return Promise.resolve(spans);
    });
    const accept = trace.get('collector-api: accept')!;
    const produce = trace.get('collector-api: produce select-color')!;
    expect(accept.parentSpanId).toBe(clientSpanId);
    expect(produce.parentSpanId).toBe(accept.spanId);
    for (const sink of ['es-sink', 'hdfs-sink']) {
      const store = trace.get(`${sink}: store select-color`)!;
      expect(store.parentSpanId).toBe(produce.spanId);
      expect(store.endMs).toBeGreaterThanOrEqual(store.startMs);
    }
  });

  it('leads to the flush that stored it', () => {
    for (const sink of ['es-sink', 'hdfs-sink']) {
      const [link] = receiver.trace(traceId).get(`${sink}: store select-color`)!.links;
      const flush = receiver.trace(link!.traceId).get(`${sink}: flush select-color`);
      expect(flush?.links).toMatchObject([
        { traceId, spanId: receiver.trace(traceId).get('collector-api: produce select-color')!.spanId },
      ]);
      expect(flush?.attributes).toMatchObject({ 'messaging.batch.message_count': 1 });
    }
  });

  it('is found by its id in the logs of every app on its way', async () => {
    await eventually(async () => {
      expect(await linesWith('collector-api', traceId)).toEqual(['events accepted']);
      expect(await linesWith('hdfs-sink', traceId)).toEqual(['event stored']);
      expect(await linesWith('es-sink', traceId)).toEqual(['event stored']);
    });
  });

  it('is not recorded where the sampler does not want it', async () => {
    const before = receiver.spans.length;
    await send({});
    await Promise.all(
      ['hdfs-sink', 'es-sink'].map((sink) =>
        eventually(async () => {
          const metrics = await (await fetch(`${stack.app(sink).url}/metrics`)).text();
          const written = [...metrics.matchAll(/^sink_records_written_total\{.*\} (\d+)$/gm)];
          expect(written.reduce((sum, [, value]) => sum + Number(value), 0)).toBe(2);
        }),
      ),
    );
    // What is recorded is sent at the latest when an app ends.
    await Promise.all(APPS.map((app) => stack.app(app).stop()));
    expect(receiver.spans.slice(before).map(({ name }) => name)).toEqual([]);
  });
});
