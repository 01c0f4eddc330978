import { createRequire } from 'node:module';

/** What kafkajs's consumer fetches by. */
interface ConsumerGroup {
  maxWaitTime: number;
  readonly subscriptionState: { paused(): readonly unknown[] };
}

/** A partition that may be read again is asked for within this time. Each fetch costs a fifth of a millisecond of CPU. */
const MOST_WAIT_WHILE_PAUSED_MS = 20;

let patched = false;

/**
 * A partition that is resumed is in the next fetch, and a fetch without data lasts `maxWaitTimeInMs`: at the broker where
 * another partition is read to its end, asleep in kafkajs 2.2.4 where all are paused. A sink that had been full for ten
 * milliseconds so stood still for a second, as did every member after a rebalance. While any partition is paused,
 * fetches wait less; the broker answers one at a time, so a second one beside it would not help.
 */
export function waitLessWhilePaused(): void {
  if (patched) return;
  patched = true;
  const require = createRequire(import.meta.url);
  const { prototype } = require('kafkajs/src/consumer/consumerGroup') as { prototype: ConsumerGroup };
  const configuredMs = new WeakMap<ConsumerGroup, number>();
  Object.defineProperty(prototype, 'maxWaitTime', {
    set(this: ConsumerGroup, waitMs: number) {
      configuredMs.set(this, waitMs);
    },
    get(this: ConsumerGroup) {
      const waitMs = configuredMs.get(this)!;
      const somePaused = this.subscriptionState.paused().length > 0;
      return somePaused ? Math.min(waitMs, MOST_WAIT_WHILE_PAUSED_MS) : waitMs;
    },
  });
}
