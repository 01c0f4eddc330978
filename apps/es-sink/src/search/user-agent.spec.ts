import { describe, expect, it } from '@jest/globals';
import { agentOf } from './user-agent.ts';

const APPLE = '(KHTML, like Gecko)';

describe('a user agent', () => {
  it.each([
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 ${APPLE} Chrome/142.0.0.0 Safari/537.36`,
      'Chrome',
      'desktop',
    ],
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 ${APPLE} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0`,
      'Edge',
      'desktop',
    ],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0', 'Firefox', 'desktop'],
    [
      `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 ${APPLE} Version/26.1 Safari/605.1.15`,
      'Safari',
      'desktop',
    ],
    [
      `Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 ${APPLE} Version/26.1 Mobile/15E148 Safari/604.1`,
      'Safari',
      'phone',
    ],
    [
      `Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 ${APPLE} CriOS/142.0.7444.77 Mobile/15E148 Safari/604.1`,
      'Chrome',
      'phone',
    ],
    [
      `Mozilla/5.0 (iPad; CPU OS 18_7 like Mac OS X) AppleWebKit/605.1.15 ${APPLE} Version/26.1 Mobile/15E148 Safari/604.1`,
      'Safari',
      'tablet',
    ],
    [
      `Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 ${APPLE} Chrome/142.0.0.0 Mobile Safari/537.36`,
      'Chrome',
      'phone',
    ],
    [
      `Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 ${APPLE} Chrome/142.0.0.0 Safari/537.36`,
      'Chrome',
      'tablet',
    ],
    [
      `Mozilla/5.0 (Linux; Android 16; SAMSUNG SM-S931N) AppleWebKit/537.36 ${APPLE} SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36`,
      'Samsung Internet',
      'phone',
    ],
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 ${APPLE} Chrome/140.0.0.0 Whale/4.34.340.19 Safari/537.36`,
      'Whale',
      'desktop',
    ],
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 ${APPLE} Chrome/140.0.0.0 Safari/537.36 OPR/124.0.0.0`,
      'Opera',
      'desktop',
    ],
    ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'bot', 'bot'],
    ['curl/8.14.1', 'bot', 'bot'],
    [
      `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 ${APPLE} HeadlessChrome/142.0.0.0 Safari/537.36`,
      'bot',
      'bot',
    ],
    ['', 'other', 'other'],
    ['<script>alert(1)</script>', 'bot', 'bot'],
    ['Mozilla/5.0 (X; Y) Foo/1.0', 'other', 'other'],
  ])('of %s is %s on a %s', (userAgent, browser, device) => {
    expect(agentOf(userAgent)).toMatchObject({ browser, device });
  });

  it.each([
    ['Windows NT 10.0; Win64; x64', 'Windows'],
    ['Macintosh; Intel Mac OS X 10_15_7', 'macOS'],
    ['iPhone; CPU iPhone OS 18_7 like Mac OS X', 'iOS'],
    ['Linux; Android 10; K', 'Android'],
    ['X11; CrOS x86_64 14541.0.0', 'ChromeOS'],
    ['X11; Linux x86_64', 'Linux'],
  ])('of %s names the system %s', (system, os) => {
    const agent = `Mozilla/5.0 (${system}) AppleWebKit/537.36 ${APPLE} Chrome/142.0.0.0 Safari/537.36`;
    expect(agentOf(agent).os).toBe(os);
  });

  it.each(['Android ', 'Version/1 ', 'Mobile', ' '])(
    'of 512 times %j is judged, whoever sent it',
    (piece) => {
      const startedAt = performance.now();
      agentOf(piece.repeat(512));
      expect(performance.now() - startedAt).toBeLessThan(500);
    },
  );
});
