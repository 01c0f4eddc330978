import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type StartedWebUi, startWebUi } from '../../testing/start-web-ui.fixture.ts';

let web: StartedWebUi;
beforeAll(async () => {
  web = await startWebUi({ COLLECTOR_PUBLIC_URL: 'https://collect.example:8443/base"><script>/' });
});
afterAll(() => web.stop());

const get = (url: string, headers: Record<string, string> = {}) => web.app.inject({ url, headers });

describe('the pages', () => {
  it.each(['/', '/dashboard'])(
    '%s is never stored and names the collector without an inline script',
    async (url) => {
      const { statusCode, headers, body } = await get(url);
      expect(statusCode).toBe(200);
      expect(headers['content-type']).toBe('text/html; charset=utf-8');
      expect(headers['cache-control']).toBe('no-store');
      expect(body).toContain('content="https://collect.example:8443/base&quot;>&lt;script>"');
    },
  );

  it('carry a policy that forbids everything but this server and the collector', async () => {
    const { headers } = await get('/');
    const policy = String(headers['content-security-policy']).split('; ');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("style-src 'self'");
    expect(policy).toContain("connect-src 'self' https://collect.example:8443");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy.join()).not.toContain('unsafe');
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
  });
});

describe('the built files', () => {
  it('are stored for a year when their name has a hash', async () => {
    const { statusCode, headers, body } = await get('/assets/index-abc.js');
    expect([statusCode, body]).toEqual([200, 'let plain']);
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  it.each([
    ['br, gzip', 'br', 'brotli'],
    ['gzip', 'gzip', 'gzip'],
  ])(
    'are sent as they were compressed at build time to who accepts %s',
    async (accepted, encoding, content) => {
      const { headers, body } = await get('/assets/index-abc.js', { 'accept-encoding': accepted });
      expect([headers['content-encoding'], body]).toEqual([encoding, content]);
      expect(headers['content-type']).toContain('javascript');
    },
  );

  it('let other sites use the tag and nothing else, and have the tag looked up again soon', async () => {
    const tag = await get('/tag.js');
    expect(tag.headers['cross-origin-resource-policy']).toBe('cross-origin');
    expect(tag.headers['cache-control']).toBe('public, max-age=300, must-revalidate');
    const asset = await get('/assets/index-abc.js');
    expect(asset.headers['cross-origin-resource-policy']).toBe('same-origin');
  });

  it.each([
    '/secret.txt',
    '/index.html',
    '/assets',
    '/assets/../secret.txt',
    '/assets/%2e%2e/secret.txt',
    '/nothing',
  ])('do not include %s', async (url) => {
    const { statusCode, body } = await get(url);
    expect(statusCode).toBe(404);
    expect(JSON.parse(body)).toEqual({ code: 'not-found', message: 'Nothing is served here' });
  });

  it('answer a malformed address with a refusal and no stack trace', async () => {
    const { statusCode, body } = await get('/%E0%A4%A');
    expect(statusCode).toBe(400);
    expect(Object.keys(JSON.parse(body) as object)).toEqual(['code', 'message']);
  });
});
