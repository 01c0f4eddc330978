import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Registry } from 'prom-client';
import { BrokerClock, clockMetrics } from './broker-clock.ts';

const NOW = Date.UTC(2026, 10, 30, 12);
const DAY_MS = 86_400_000;

let registry: Registry;
let clock: BrokerClock;
beforeEach(() => {
  jest.useFakeTimers({ now: NOW });
  registry = new Registry();
  clock = new BrokerClock(registry);
});
afterEach(() => {
  jest.useRealTimers();
});

describe('the clock beside the broker’s', () => {
  it.each([
    ['right when the broker appended between sending and hearing of it', -50, -20, 0],
    ['ahead when the broker appended before it was sent', -50, -50 - DAY_MS, DAY_MS],
    ['behind when the broker appended after it was heard of', -50, 2 * DAY_MS, -2 * DAY_MS],
    ['unknown where the topic keeps the time of its producer', -50, -1 - NOW, 0],
  ])('is %s', async (_what, sent, appended, ahead) => {
    clock.measure(NOW + sent, NOW + appended);
    expect(clock.aheadMs).toBe(ahead);
    expect((await clockMetrics(registry).aheadSeconds.get()).values[0]?.value).toBe(ahead / 1_000);
  });

  it('follows the clock when it is set, and does not follow time that passes', () => {
    clock.measure(NOW - 50, NOW - 20 + DAY_MS);
    jest.advanceTimersByTime(60_000);
    expect(clock.aheadMs).toBe(-DAY_MS + 20);
    jest.setSystemTime(NOW + 60_000 + DAY_MS);
    expect(clock.aheadMs).toBe(20);
  });

  it('is taken for right before anything is known', () => {
    expect(clock.aheadMs).toBe(0);
  });
});
