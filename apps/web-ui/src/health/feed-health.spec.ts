import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FeedHealth, START_WITHOUT_FEED_AFTER_MS } from './feed-health.ts';

let health: FeedHealth;
let reason: string | undefined;
beforeEach(() => {
  jest.useFakeTimers();
  health = new FeedHealth();
  reason = 'not connected to Kafka';
  health.inner.register('consumer', () => reason);
});
afterEach(() => {
  jest.useRealTimers();
});

describe('readiness', () => {
  it('waits for the feed at the start', () => {
    expect(health.notReady()).toBe('not connected to Kafka');
    reason = undefined;
    expect(health.notReady()).toBeUndefined();
  });

  it('does not wait for ever: the page works without Kafka', () => {
    jest.advanceTimersByTime(START_WITHOUT_FEED_AFTER_MS);
    expect(health.notReady()).toBeUndefined();
    expect(health.state()).toBe('waiting');
  });

  it('stays when Kafka goes away later, and the page is told', () => {
    reason = undefined;
    expect(health.state()).toBe('live');
    reason = 'consumer crashed';
    expect(health.notReady()).toBeUndefined();
    expect(health.state()).toBe('waiting');
  });
});
