import { describe, expect, it } from '@jest/globals';
import { BotDetector } from './origin-reader.ts';

const languages = { 'accept-language': 'en-GB,en;q=0.9' };

/** Names of browsers that people use, on their systems. */
const BROWSERS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0',
  'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 OPR/126.0.0.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0.7444.46 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0',
  'Mozilla/5.0 (Linux; Android 15; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36',
];

/** Crawlers, headless browsers, libraries and tools. */
const BOTS = [
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
  'Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)',
  'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)',
  'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0.0.0 Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Chrome-Lighthouse',
  'curl/8.14.1',
  'Wget/1.25.0',
  'python-requests/2.32.5',
  'Go-http-client/2.0',
  'okhttp/5.1.0',
  'axios/1.13.0',
  'node',
  'Apache-HttpClient/4.5.14 (Java/21.0.8)',
];

describe('BotDetector', () => {
  const detector = new BotDetector();

  it('calls no browser of the labelled list a bot, and every bot one: precision 1, recall 1', () => {
    const called = (names: readonly string[]) =>
      names.filter((name) => detector.reasonOf({ 'user-agent': name, ...languages }) !== undefined);
    expect(called(BROWSERS)).toEqual([]);
    expect(called(BOTS)).toEqual(BOTS);
  });

  it('says why', () => {
    expect(detector.reasonOf({ ...languages })).toBe('user-agent-missing');
    expect(detector.reasonOf({ 'user-agent': '', ...languages })).toBe('user-agent-missing');
    expect(detector.reasonOf({ 'user-agent': BOTS[0], ...languages })).toBe('user-agent-listed');
    expect(detector.reasonOf({ 'user-agent': BROWSERS[0] })).toBe('headers-inconsistent');
  });

  it('judges alike when it has forgotten', () => {
    for (let other = 0; other < 2_500; other += 1) detector.reasonOf({ 'user-agent': `x/${other}` });
    expect(detector.reasonOf({ 'user-agent': BROWSERS[0], ...languages })).toBeUndefined();
    expect(detector.reasonOf({ 'user-agent': BOTS[0], ...languages })).toBe('user-agent-listed');
  });
});
