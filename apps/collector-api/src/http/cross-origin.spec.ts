import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CollectorUnderTest, EVENT } from '../../spec-support/start-collector.ts';

const OURS = 'https://shop.example';

describe('cross-origin requests', () => {
  let collector: CollectorUnderTest;
  beforeAll(async () => {
    collector = await CollectorUnderTest.start({
      COLLECTOR_API_ALLOWED_ORIGINS: `http://localhost:3000,${OURS}`,
    });
  });
  afterAll(() => collector.close());

  const corsHeaders = (headers: Record<string, unknown>): string[] =>
    Object.keys(headers).filter((name) => name.startsWith('access-control-'));

  it('lets a listed origin read the answer, without credentials', async () => {
    const { headers } = await collector.post(EVENT, { origin: OURS });
    expect(headers).toMatchObject({ 'access-control-allow-origin': OURS, vary: 'Origin' });
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
  });

  it('lets a listed origin read a refusal, too', async () => {
    const { status, headers } = await collector.send('{', { origin: OURS, 'content-type': 'text/plain' });
    expect(status).toBe(400);
    expect(headers['access-control-allow-origin']).toBe(OURS);
  });

  it.each(['https://evil.example', 'null', 'https://shop.example.evil.example', 'http://shop.example'])(
    'gives the foreign origin %s no CORS header at all, but still varies by origin',
    async (origin) => {
      const answers = [
        await collector.post(EVENT, { origin }),
        await collector.ask({
          method: 'OPTIONS',
          url: '/v1/events',
          headers: { origin, 'access-control-request-method': 'POST' },
        }),
      ];
      for (const { headers } of answers) {
        expect(corsHeaders(headers)).toEqual([]);
        expect(headers['vary']).toBe('Origin');
      }
    },
  );

  it('varies by origin where there is none', async () => {
    const { headers } = await collector.post(EVENT);
    expect(headers['vary']).toBe('Origin');
    expect(corsHeaders(headers)).toEqual([]);
  });

  it('answers the preflight of a listed origin that wants to send JSON', async () => {
    const { status, headers } = await collector.ask({
      method: 'OPTIONS',
      url: '/v1/events',
      headers: {
        origin: OURS,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      'access-control-allow-origin': OURS,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': expect.stringContaining('Content-Type'),
    });
  });
});
