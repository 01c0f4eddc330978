import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { stopIdleTimerLoop } from './request-queue-patch.ts';

stopIdleTimerLoop();
const require = createRequire(import.meta.url);
const RequestQueue = require('kafkajs/src/network/requestQueue') as new (options: object) => {
  throttleCheckTimeoutId: unknown;
  readonly inflight: Map<number, object>;
  checkPendingRequests(): void;
  scheduleRequestTimeoutCheck(): void;
  maybeThrottle(ms: number): void;
  destroy(): void;
};

const queue = () =>
  new RequestQueue({
    maxInFlightRequests: null,
    requestTimeout: 1_000,
    enforceRequestTimeout: true,
    clientId: 'spec',
    broker: 'none',
    logger: { debug: () => undefined },
  });

describe('the request queue of kafkajs', () => {
  it('arms no timer while nothing waits', () => {
    const idle = queue();
    idle.checkPendingRequests();
    expect(idle.throttleCheckTimeoutId).toBeNull();
  });

  it('still arms its timer while the broker throttles', () => {
    const throttled = queue();
    throttled.maybeThrottle(1_000);
    throttled.checkPendingRequests();
    expect(throttled.throttleCheckTimeoutId).not.toBeNull();
    throttled.destroy();
  });

  it('still ends a request that the broker leaves unanswered', async () => {
    const waiting = queue();
    waiting.scheduleRequestTimeoutCheck();
    await new Promise<void>((resolve) => {
      waiting.inflight.set(1, { sentAt: 0, requestTimeout: 10, timeoutRequest: resolve });
    });
    waiting.destroy();
  });
});
