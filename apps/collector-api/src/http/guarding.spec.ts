import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, CollectorUnderTest, EVENT } from '../../testing/start-collector.fixture.ts';

describe('the gate of the collector by default', () => {
  let collector: CollectorUnderTest;
  beforeAll(async () => {
    collector = await CollectorUnderTest.start();
  });
  afterAll(() => collector.close());

  it('limits nobody', async () => {
    const answers = await Promise.all(Array.from({ length: 300 }, () => collector.post(EVENT)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(Object.keys(answers[0]?.headers ?? {}).filter((name) => name.startsWith('ratelimit'))).toEqual([]);
  });

  const ask = async (
    method: 'GET' | 'POST' | 'PUT' | 'HEAD' | 'QUERY',
    url: string,
    headers = {},
  ): Promise<Answer> => collector.ask({ method, url, headers });

  it('answers 414 to an address of more than 8 KiB', async () => {
    expect(await ask('GET', `/livez?x=${'y'.repeat(8_200)}`)).toMatchObject({
      status: 414,
      json: { code: 'address-too-long' },
    });
  });

  it.each([
    ['PUT', '/v1/events', 'POST, OPTIONS'],
    ['QUERY', '/v1/events', 'POST, OPTIONS'],
    ['POST', '/livez', 'GET, HEAD'],
    ['POST', '/openapi.json', 'GET, HEAD'],
    ['POST', '/v1/events/pixel.gif?x=1', 'GET, HEAD'],
  ] as const)('answers 405 to %s %s and says what is allowed', async (method, url, allow) => {
    expect(await ask(method, url)).toMatchObject({ status: 405, headers: { allow } });
  });

  it('sends headers that keep a browser from guessing, framing and telling', async () => {
    for (const url of ['/livez', '/docs', '/nowhere']) {
      expect((await ask('GET', url)).headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'content-security-policy': expect.stringContaining("default-src 'none'"),
      });
    }
    const { headers } = await collector.post(EVENT);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['server', 'x-powered-by']));
  });

  it('needs no script of the documentation to stand in its page', async () => {
    const { text } = await ask('GET', '/docs');
    expect(text.match(/<script(?![^>]*\bsrc=)[^>]*>/g)).toBeNull();
  });

  it('answers 413 to JSON that nests too deep or holds too many values, before it is parsed', async () => {
    for (const body of ['['.repeat(500_000), `[${'{},'.repeat(200_000)}{}]`]) {
      const { status, json } = await collector.send(body);
      expect([status, json.code]).toEqual([413, 'json-too-complex']);
    }
  });

  it('lets no event reach a prototype', async () => {
    const fields = '"event_type":"select-color","user_name":"Ada","color_name":"red"';
    for (const name of ['__proto__', 'constructor', 'prototype']) {
      const { json } = await collector.send(`[{${fields},"${name}":{"is_admin":true}},{${fields}}]`);
      expect(json.results?.map(({ code, status }) => code ?? status)).toEqual(['field-reserved', 'accepted']);
      const nested = await collector.send(`{${fields},"x":{"${name}":{"is_admin":true}}}`);
      expect(nested.json.results?.[0]?.code).toBe('field-reserved');
    }
    expect(({} as { is_admin?: boolean }).is_admin).toBeUndefined();
    expect(JSON.stringify(collector.publisher.events())).not.toContain('is_admin');
  });

  it('shows how far the clocks of pages are off', async () => {
    const sent_at = new Date(Date.now() - 2_000).toISOString();
    await collector.post([
      { ...EVENT, sent_at },
      { ...EVENT, sent_at },
    ]);
    const metrics = await collector.metrics();
    expect(metrics).toContain('collector_clock_skew_seconds_bucket{le="1"} 0');
    expect(metrics).toContain('collector_clock_skew_seconds_bucket{le="5"} 1');
    expect(metrics).toContain('collector_open_body_bytes 0');
  });
});

describe('the gate of the collector', () => {
  let collector: CollectorUnderTest;
  afterEach(() => collector.close());

  describe('with a rate limit', () => {
    const start = async (settings: Record<string, string> = {}): Promise<void> => {
      collector = await CollectorUnderTest.start({
        COLLECTOR_API_RATE_LIMIT: '1',
        COLLECTOR_API_RATE_LIMIT_BURST: '3',
        ...settings,
      });
    };
    const post = (headers: Record<string, string> = {}): Promise<Answer> => collector.post(EVENT, headers);

    it('answers 429 beyond the burst, says when to go on, and reads and stores nothing', async () => {
      await start();
      const answers = [await post(), await post(), await post(), await post()];
      expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 429]);
      expect(answers[0]?.headers).toMatchObject({
        'ratelimit-policy': '"client";q=3;w=3',
        ratelimit: '"client";r=2;t=1',
      });
      expect(answers[3]).toMatchObject({
        json: { code: 'too-many-requests' },
        headers: { 'retry-after': '1', ratelimit: '"client";r=0;t=3' },
      });
      expect(collector.publisher.events()).toHaveLength(3);
      expect(await collector.metrics()).toContain(
        'collector_requests_refused_total{code="too-many-requests"} 1',
      );
    });

    it('lets a page read how long to wait', async () => {
      await start();
      const { headers } = await post({ origin: 'http://localhost:3000' });
      expect(headers['access-control-expose-headers']).toBe('Retry-After, RateLimit, RateLimit-Policy');
    });

    it('limits clients behind a trusted proxy one by one, and does not believe what they write themselves', async () => {
      await start({ COLLECTOR_API_TRUSTED_PROXY_HOPS: '1' });
      const from = (address: string) => post({ 'x-forwarded-for': `1.1.1.${Math.random()}, ${address}` });
      for (let request = 0; request < 3; request += 1) await from('203.0.113.1');
      expect((await from('203.0.113.1')).status).toBe(429);
      expect((await from('203.0.113.2')).status).toBe(202);
    });

    it('takes X-Forwarded-For for nothing where no proxy is trusted', async () => {
      await start();
      for (let request = 0; request < 3; request += 1) await post({ 'x-forwarded-for': `1.1.1.${request}` });
      expect((await post({ 'x-forwarded-for': '1.1.1.9' })).status).toBe(429);
    });

    it('does not limit preflights, nor who looks whether the app is alive', async () => {
      await start();
      for (let request = 0; request < 5; request += 1) {
        expect((await collector.ask({ method: 'OPTIONS', url: '/v1/events' })).status).toBe(204);
        expect((await collector.ask({ method: 'GET', url: '/livez' })).status).toBe(200);
      }
    });
  });

  describe('with write keys', () => {
    const send = (url: string, headers: Record<string, string> = {}): Promise<Answer> =>
      collector.ask({
        method: 'POST',
        url,
        payload: JSON.stringify(EVENT),
        headers: { 'content-type': 'text/plain', ...headers },
      });

    it('takes events with one of the keys, in a header or in the address, and no others', async () => {
      collector = await CollectorUnderTest.start({ COLLECTOR_API_WRITE_KEYS: 'key-one, key-two' });
      const answers = [
        await send('/v1/events', { 'x-write-key': 'key-one' }),
        await send('/v1/events?write_key=key-two'),
        await send('/v1/events'),
        await send('/v1/events?write_key=&x=1'),
        await send('/v1/events', { 'x-write-key': 'key-on' }),
        await send('/v1/events?write_key=key-one&write_key=key-one'),
      ];
      expect(answers.map(({ status, json }) => json.code ?? status)).toEqual([
        202,
        202,
        'write-key-missing',
        'write-key-missing',
        'write-key-wrong',
        'write-key-missing',
      ]);
      expect(answers[2]).toMatchObject({
        status: 401,
        headers: { 'www-authenticate': 'WriteKey realm="events"' },
      });
      expect(answers[4]?.status).toBe(403);
      expect(JSON.stringify(answers)).not.toContain('key-one');
      expect(collector.publisher.events()).toHaveLength(2);
    });
  });
});
