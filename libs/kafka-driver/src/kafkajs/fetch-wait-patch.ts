import { privateModule } from './kafkajs.ts';

/** A partition that may be read again is asked for within this time. Each fetch costs a fifth of a millisecond of CPU. */
const MOST_WAIT_WHILE_PAUSED_MS = 20;

/**
 * A resumed partition is only included in the next fetch, and an empty fetch blocks for `maxWaitTimeInMs`: at the broker if
 * another partition is read to its end, asleep in kafkajs 2.2.4 if all are paused. A sink that had been full for ten
 * milliseconds so stood still for a second, as did every member after a rebalance. While any partition is paused,
 * fetches wait less; the broker answers one at a time, so a second one beside it would not help.
 *
 * `maxWaitTimeInMs: 100` for every fetch would need no patch, and would cost an idle consumer ten fetches a second and a
 * full one 80 ms of every pause. Kept until a bench of both sinks has shown that this loses nothing (docs/decisions/0029).
 * A group is made inside of kafkajs's consumer, so its class is changed, not one object.
 */
export function waitLessWhilePaused(): void {
  const { prototype } = privateModule('src/consumer/consumerGroup');
  const configuredMs = new WeakMap<object, number>();
  Object.defineProperty(prototype, 'maxWaitTime', {
    set(this: typeof prototype, waitMs: number) {
      configuredMs.set(this, waitMs);
    },
    get(this: typeof prototype) {
      const waitMs = configuredMs.get(this)!;
      const somePaused = this.subscriptionState.paused().length > 0;
      return somePaused ? Math.min(waitMs, MOST_WAIT_WHILE_PAUSED_MS) : waitMs;
    },
  });
}
