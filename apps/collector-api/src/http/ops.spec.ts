import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Readiness } from '@pipeline/observability';
import { CollectorUnderTest } from '../../testing/start-collector.fixture.ts';

describe('operator endpoints', () => {
  let collector: CollectorUnderTest;
  beforeAll(async () => {
    collector = await CollectorUnderTest.start();
  });
  afterAll(() => collector.close());

  it('says that it is alive and, while the publisher is connected, ready', async () => {
    for (const url of ['/livez', '/readyz']) {
      expect(await collector.ask({ method: 'GET', url })).toMatchObject({
        status: 200,
        json: { status: 'ok' },
      });
    }
  });

  it('says which part is not ready', async () => {
    let reason: string | undefined = 'Kafka does not acknowledge';
    collector.app.get(Readiness).register('publisher', () => reason);
    expect(await collector.ask({ method: 'GET', url: '/readyz' })).toMatchObject({
      status: 503,
      json: { code: 'not-ready', reasons: { publisher: reason } },
    });
    reason = undefined;
    expect((await collector.ask({ method: 'GET', url: '/readyz' })).status).toBe(200);
  });

  it('shows its metrics', async () => {
    const { status, text } = await collector.ask({ method: 'GET', url: '/metrics' });
    expect(status).toBe(200);
    expect(text).toContain('collector_events_accepted_total');
  });
});
