import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type StartedWebUi, startWebUi } from '../../testing/start-web-ui.fixture.ts';

let web: StartedWebUi;
beforeAll(async () => {
  web = await startWebUi({
    WEB_UI_RATE_LIMIT: '1',
    WEB_UI_RATE_LIMIT_BURST: '3',
    WEB_UI_TRUSTED_PROXY_HOPS: '1',
  });
});
afterAll(() => web.stop());

const statuses = async (address: string, ...urls: string[]): Promise<number[]> => {
  const answers: number[] = [];
  for (const url of urls) {
    const headers = { 'x-forwarded-for': address };
    answers.push((await web.app.inject({ url, headers })).statusCode);
  }
  return answers;
};

describe('the requests of one client', () => {
  it('are limited together, however its address is written, and those of others are not', async () => {
    const urls = ['/', '/v1/live/snapshot', '/v1/health', '/v1/health', '/%76%31/health'];
    expect(await statuses('198.51.100.8', ...urls)).toEqual([200, 200, 200, 429, 429]);
    expect(await statuses('::ffff:c633:6408', '/v1/live')).toEqual([429]);
    expect(await statuses('203.0.113.9', '/')).toEqual([200]);
  });

  it('say when to go on', async () => {
    await statuses('192.0.2.1', '/', '/', '/');
    const { headers, body } = await web.app.inject({ url: '/', headers: { 'x-forwarded-for': '192.0.2.1' } });
    expect(headers['retry-after']).toBe('1');
    expect(JSON.parse(body)).toMatchObject({ code: 'too-many-requests' });
  });

  it('are not limited where probes and Prometheus ask', async () => {
    const probes = Array.from({ length: 9 }, () => '/livez');
    expect(new Set(await statuses('192.0.2.2', ...probes))).toEqual(new Set([200]));
  });
});
