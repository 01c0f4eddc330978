import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CollectorUnderTest, EVENT } from '../../testing/start-collector.fixture.ts';

const OURS = 'https://shop.example';
const FOREIGN = ['https://evil.example', 'null', 'https://shop.example.evil.example', 'http://shop.example'];

function suite(allowedOrigins: string) {
  let collector: CollectorUnderTest;
  beforeAll(async () => {
    collector = await CollectorUnderTest.start({ COLLECTOR_API_ALLOWED_ORIGINS: allowedOrigins });
  });
  afterAll(() => collector.close());
  return {
    post: (headers: Record<string, string>) => collector.post(EVENT, headers),
    sendNonsense: (origin: string) => collector.send('{', { origin, 'content-type': 'text/plain' }),
    preflight: (origin: string) =>
      collector.ask({
        method: 'OPTIONS',
        url: '/v1/events',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type',
        },
      }),
    stored: () => collector.publisher.events().length,
  };
}

describe('cross-origin requests', () => {
  const { post, sendNonsense, preflight } = suite('');

  it.each([OURS, 'null'])('from %s are answered so that the page can read it', async (origin) => {
    for (const answer of [await post({ origin }), await sendNonsense(origin)]) {
      expect([202, 400]).toContain(answer.status);
      expect(answer.headers['access-control-allow-origin']).toBe('*');
      expect(answer.headers['access-control-expose-headers']).toContain('Retry-After');
      expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
    }
  });

  it('may send JSON', async () => {
    const { status, headers } = await preflight(OURS);
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': expect.stringContaining('Content-Type'),
    });
  });
});

describe('cross-origin requests where origins are listed', () => {
  const { post, preflight, stored } = suite(`http://localhost:3000,${OURS}`);

  it.each(FOREIGN)('from %s are refused for good in words that the page can read', async (origin) => {
    const before = stored();
    expect(await post({ origin })).toMatchObject({
      status: 403,
      json: { code: 'origin-not-allowed' },
      headers: { 'access-control-allow-origin': '*', vary: 'Origin' },
    });
    expect((await preflight(origin)).headers['access-control-allow-methods']).toBe('POST');
    expect(stored()).toBe(before);
  });

  it('from a listed origin are taken, and so is what names no origin', async () => {
    expect((await post({ origin: OURS })).status).toBe(202);
    expect((await post({})).status).toBe(202);
  });
});
