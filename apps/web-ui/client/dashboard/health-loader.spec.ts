import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { HealthLoader } from './health-loader.ts';

const globals = globalThis as { document?: unknown; fetch: unknown };
const before = { ...globals, fetch: globals.fetch };
let asked: string[];
let answer: () => Promise<Response>;
let page: { hidden: boolean };
let loader: HealthLoader;

beforeEach(() => {
  jest.useFakeTimers();
  asked = [];
  page = { hidden: false };
  answer = () => Promise.resolve(Response.json({ brokerAnswers: true }));
  globals.document = page;
  globals.fetch = (url: string) => (asked.push(url), answer());
  loader = new HealthLoader();
});
afterEach(() => {
  jest.useRealTimers();
  globals.document = before.document;
  globals.fetch = before.fetch;
});

const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

describe('the health that a dashboard shows', () => {
  it('is asked for at once and every three seconds', async () => {
    loader.start();
    await pass(0);
    expect(loader.health.value).toEqual({ brokerAnswers: true });
    await pass(9_000);
    expect(asked).toEqual(Array(4).fill('/v1/health'));
  });

  it('is not asked for while nobody sees the page', async () => {
    loader.start();
    page.hidden = true;
    await pass(30_000);
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['refuses', '503', () => Promise.resolve(new Response('', { status: 503 }))],
    ['is away', 'offline', () => Promise.reject(new TypeError('Failed to fetch'))],
  ])('is unknown, not old, while the server %s, and known again afterwards', async (_, code, failing) => {
    loader.start();
    await pass(0);
    const good = answer;
    answer = failing;
    await pass(3_000);
    expect(loader.health.value).toBeUndefined();
    expect(loader.failure.value?.code).toBe(code);
    answer = good;
    await pass(3_000);
    expect([loader.health.value, loader.failure.value]).toEqual([{ brokerAnswers: true }, undefined]);
  });
});
