import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { defineSettings } from '@pipeline/config';
import { createLogger } from '../logger.ts';
import { createTracer, PassingTracer } from './create-tracer.ts';
import { type Tracer } from './tracer.ts';
import { tracingSettings } from './tracing-settings.ts';

const SAMPLED = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const UNSAMPLED = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00';

interface Sent {
  readonly traceId: string;
  readonly spanId: string;
  readonly name: string;
  readonly parentSpanId?: string;
  readonly status: { readonly code?: number };
  readonly links?: readonly { readonly traceId: string }[];
}

interface Received {
  resourceSpans: { resource: { attributes: unknown[] }; scopeSpans: { spans: Sent[] }[] }[];
}

let server: Server;
let received: Received[];
let headers: unknown[];
beforeEach(async () => {
  received = [];
  headers = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    headers.push(request.headers['x-tenant']);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push(JSON.parse(Buffer.concat(chunks).toString()) as Received);
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function tracerWith(environment: Record<string, string> = {}): Promise<Tracer> {
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const settings = defineSettings(tracingSettings).load({
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    ...environment,
  });
  return createTracer('es-sink', settings, createLogger('spec', 'silent'));
}

const spans = () => received.flatMap(({ resourceSpans }) => resourceSpans[0]!.scopeSpans[0]!.spans);

describe('a tracer with an endpoint', () => {
  it('sends its spans with their trace, parent, links and outcome, and what it was told to say', async () => {
    const tracer = await tracerWith({
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=a%20b',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=spec',
    });
    const span = tracer.start('store', { kind: 'consumer', parent: SAMPLED, links: [SAMPLED] });
    expect(span.isRecorded).toBe(true);
    span.end('mapping');
    await tracer.close();
    expect(spans()).toMatchObject([
      {
        name: 'store',
        traceId: '0af7651916cd43dd8448eb211c80319c',
        parentSpanId: 'b7ad6b7169203331',
        spanId: span.traceparent.slice(36, 52),
        links: [{ traceId: '0af7651916cd43dd8448eb211c80319c' }],
        status: { code: 2 },
      },
    ]);
    const { attributes } = received[0]!.resourceSpans[0]!.resource;
    expect(attributes).toContainEqual({ key: 'service.name', value: { stringValue: 'es-sink' } });
    expect(attributes).toContainEqual({ key: 'deployment.environment.name', value: { stringValue: 'spec' } });
    expect(headers).toEqual(['a b']);
  });

  it('takes the name of the app from OTEL_SERVICE_NAME', async () => {
    const tracer = await tracerWith({ OTEL_SERVICE_NAME: 'clicks-es' });
    tracer.start('store', { kind: 'consumer' }).end();
    await tracer.close();
    expect(JSON.stringify(received)).toContain('"stringValue":"clicks-es"');
  });

  it('ends in bounded time when nobody takes what it recorded', async () => {
    const held: ServerResponse[] = [];
    server.removeAllListeners('request').on('request', (_request, response) => held.push(response));
    const tracer = await tracerWith();
    tracer.start('store', { kind: 'consumer' }).end();
    const startedAt = performance.now();
    await tracer.close();
    expect(performance.now() - startedAt).toBeLessThan(4_000);
    expect(held).toHaveLength(1);
    held[0]?.end('{}');
  });
});

describe('what is recorded', () => {
  it.each([
    ['always_on', '1', UNSAMPLED, true],
    ['always_off', '1', SAMPLED, false],
    ['traceidratio', '0', SAMPLED, false],
    ['traceidratio', '1', UNSAMPLED, true],
    ['parentbased_always_on', '1', undefined, true],
    ['parentbased_always_on', '1', UNSAMPLED, false],
    ['parentbased_always_off', '1', undefined, false],
    ['parentbased_always_off', '1', SAMPLED, true],
    ['parentbased_traceidratio', '0', undefined, false],
    ['parentbased_traceidratio', '0', SAMPLED, true],
  ])('is what %s of %s says of a parent %s: %s', async (sampler, ratio, parent, recorded) => {
    const tracer = await tracerWith({ OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: ratio });
    const span = tracer.start('accept', { kind: 'server', parent });
    span.end();
    await tracer.close();
    expect(span.traceparent).toMatch(new RegExp(`^00-[0-9a-f]{32}-[0-9a-f]{16}-0${recorded ? 1 : 0}$`));
    expect(spans()).toHaveLength(recorded ? 1 : 0);
  });

  it.each([
    ['traceidratio', true],
    ['always_off', false],
  ])('is a flush with a sampled event in it, where %s would drop it: %s', async (sampler, recorded) => {
    const tracer = await tracerWith({ OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: '0' });
    tracer.start('flush', { kind: 'consumer', links: [UNSAMPLED, SAMPLED] }).end();
    tracer.start('flush', { kind: 'consumer', links: [UNSAMPLED] }).end();
    await tracer.close();
    expect(spans()).toHaveLength(recorded ? 1 : 0);
  });
});

describe('a tracer without an endpoint', () => {
  it('records nothing, passes on what it is given, and names what begins', async () => {
    const tracer = await tracerWith({ OTEL_EXPORTER_OTLP_ENDPOINT: '' });
    expect(tracer).toBeInstanceOf(PassingTracer);
    expect(tracer.start('accept', { kind: 'server', parent: SAMPLED }).traceparent).toBe(SAMPLED);
    const begun = tracer.start('accept', { kind: 'server', parent: 'nonsense' });
    expect(begun.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(begun.isRecorded).toBe(false);
  });
});
