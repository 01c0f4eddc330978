import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryTracer } from '@pipeline/observability/testing';
import { CollectorUnderTest, EVENT, idOf } from '../../testing/start-collector.fixture.ts';

const SAMPLED = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const UNSAMPLED = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00';

let tracer: MemoryTracer;
let collector: CollectorUnderTest;
beforeEach(async () => {
  tracer = new MemoryTracer();
  collector = await CollectorUnderTest.start({}, tracer);
});
afterEach(() => collector.close());

const headerOf = (call: number) => collector.publisher.calls[call]?.records[0]?.headers?.['traceparent'];

describe('a request that is traced', () => {
  it('begins a trace, which its records carry on, and ends its span with what became of its events', async () => {
    await collector.post([EVENT, { ...EVENT, event_id: idOf(1) }, { ...EVENT, event_id: idOf(1) }, {}]);
    expect(tracer.spans).toMatchObject([
      {
        name: 'accept',
        kind: 'server',
        parent: undefined,
        traceparent: headerOf(0),
        attributes: {
          'pipeline.events.accepted': 2,
          'pipeline.events.duplicates': 1,
          'pipeline.events.rejected': 1,
        },
        outcome: 'ok',
      },
    ]);
  });

  it('goes on with the trace of its client', async () => {
    await collector.post(EVENT, { traceparent: SAMPLED });
    expect(tracer.spans).toMatchObject([{ parent: SAMPLED }]);
    expect(headerOf(0)).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
    expect(headerOf(0)).not.toBe(SAMPLED);
  });

  it('is not recorded where its client does not record it, and says so to the sinks', async () => {
    await collector.post(EVENT, { traceparent: UNSAMPLED });
    expect(tracer.spans).toEqual([]);
    expect(headerOf(0)).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-00$/);
  });

  it.each([
    ['no JSON', 'malformed-json', () => collector.send('{')],
    ['only wrong events', 'all-events-rejected', () => collector.post({})],
    [
      'events that Kafka does not take',
      'kafka-unavailable',
      () => {
        collector.publisher.failure = 'kafka-unavailable';
        return collector.post(EVENT);
      },
    ],
  ])('fails its span when it brings %s', async (_what, code, send) => {
    await send();
    expect(tracer.spans).toMatchObject([{ name: 'accept', outcome: code }]);
  });

  it('may be an image', async () => {
    await collector.ask({
      method: 'GET',
      url: '/v1/events/pixel.gif?event_type=page-view&page_url=https%3A%2F%2Fexample.org%2F',
    });
    expect(tracer.spans).toMatchObject([{ name: 'accept', outcome: 'ok' }]);
  });
});
