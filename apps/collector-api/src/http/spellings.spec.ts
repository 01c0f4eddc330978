import { describe, expect, it } from '@jest/globals';
import { collectorOnPort } from '../../testing/collector-on-port.fixture.ts';
import { type RawClient } from '../../testing/raw-client.fixture.ts';
import { EVENT } from '../../testing/start-collector.fixture.ts';

/** Addresses that the router takes for `/v1/events`, and some that it may take for nothing only. */
const EVENTS = ['/v1/events', '/v1/event%73', '/%76%31/events', 'http://x/v1/events', '/v1/events?x=%2F'];
const STRANGERS = [
  '//v1/events',
  '/v1/events/',
  '/v1//events',
  '/V1/events',
  '/v1/events%2F',
  '/v1/./events',
];
const PIXELS = [
  '/v1/events/pixel.gif',
  '/v1/event%73/pixel.gif',
  '/v1/events/pixel%2egif',
  'http://x/v1/events/pixel.gif',
];

const BODY = JSON.stringify(EVENT);
const QUERY = new URLSearchParams(EVENT).toString();

interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

async function exchange(client: RawClient, request: string): Promise<Answer> {
  client.received = '';
  client.socket.write(request);
  const [, status, head, body] = ANSWER.exec(await client.answer(ANSWER)) ?? [];
  return { status: Number(status), head: (head ?? '').toLowerCase(), body: body ?? '' };
}
const ANSWER = /^HTTP\/1\.1 (\d+) [^\r]*\r\n([^]*?)\r\n\r\n([^]*(?:\}|;))$/;

function post(url: string, origin = ''): string {
  const headers = ['Host: x', 'Content-Type: text/plain', `Content-Length: ${BODY.length}`];
  if (origin !== '') headers.push(`Origin: ${origin}`);
  return `POST ${url} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n${BODY}`;
}

function look(url: string, origin = ''): string {
  const query = url.includes('?') ? `&${QUERY}` : `?${QUERY}`;
  return `GET ${url}${query} HTTP/1.1\r\nHost: x\r\n${origin && `Origin: ${origin}\r\n`}\r\n`;
}

describe('whatever way an address is spelled', () => {
  describe('a write key is asked for', () => {
    const { open, events } = collectorOnPort({ COLLECTOR_API_WRITE_KEYS: 'secret-key' });

    it.each(EVENTS)('POST %s', async (url) => {
      const { status, head, body } = await exchange(await open(), post(url));
      expect([status, body]).toEqual([401, expect.stringContaining('write-key-missing')]);
      expect(head).not.toContain('content-security-policy');
    });

    it.each(PIXELS)('GET %s, answered with an image', async (url) => {
      const { status, head } = await exchange(await open(), look(url));
      expect([status, head]).toEqual([401, expect.stringContaining('content-type: image/gif')]);
    });

    it.each(STRANGERS)('or there is nothing at %s', async (url) => {
      const { status, head } = await exchange(await open(), post(url));
      expect([status, head]).toEqual([404, expect.stringContaining("default-src 'none'")]);
    });

    it('and nothing of all this is stored', () => expect(events()).toEqual([]));
  });

  describe('a client is limited', () => {
    const { open } = collectorOnPort({
      COLLECTOR_API_RATE_LIMIT: '1',
      COLLECTOR_API_RATE_LIMIT_BURST: '1',
    });

    it('by one bucket for all of them', async () => {
      const client = await open();
      expect((await exchange(client, post('/v1/events'))).status).toBe(202);
      for (const url of EVENTS) expect((await exchange(client, post(url))).status).toBe(429);
      for (const url of PIXELS) expect((await exchange(client, look(url))).status).toBe(429);
    });
  });

  describe('origins that are not listed are refused', () => {
    const { open } = collectorOnPort({ COLLECTOR_API_ALLOWED_ORIGINS: 'https://shop.example' });

    it.each(EVENTS)('POST %s', async (url) => {
      const { status, head, body } = await exchange(await open(), post(url, 'https://evil.example'));
      expect([status, body]).toEqual([403, expect.stringContaining('origin-not-allowed')]);
      expect(head).toContain('access-control-allow-origin: *');
    });

    it.each(PIXELS)('GET %s', async (url) => {
      const { status, head } = await exchange(await open(), look(url, 'https://evil.example'));
      expect([status, head]).toEqual([403, expect.stringContaining('x-event-status: origin-not-allowed')]);
    });
  });

  describe('without any of these', () => {
    const { open } = collectorOnPort();

    it.each(EVENTS)('POST %s is answered to any page', async (url) => {
      const { status, head } = await exchange(await open(), post(url, 'https://any.example'));
      expect([status, head]).toEqual([202, expect.stringContaining('access-control-allow-origin: *')]);
    });

    it.each(PIXELS)('GET %s is answered with the image', async (url) => {
      const { status, head } = await exchange(await open(), look(url));
      expect([status, head]).toEqual([200, expect.stringContaining('x-event-status: accepted')]);
    });
  });
});
