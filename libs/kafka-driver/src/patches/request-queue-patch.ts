import { createRequire } from 'node:module';

interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
  readonly enforceRequestTimeout: boolean;
  readonly inflight: ReadonlyMap<number, InflightRequest>;
  requestTimeoutIntervalId: NodeJS.Timeout;
  isConnected(): boolean;
  destroy(): void;
  scheduleCheckPendingRequests(): void;
  scheduleRequestTimeoutCheck(): void;
}

interface InflightRequest {
  readonly sentAt: number;
  readonly requestTimeout: number;
  timeoutRequest(): void;
}

/** Fine enough for time-outs of seconds. */
const TIMEOUT_CHECK_INTERVAL_MS = 1_000;

let patched = false;

/**
 * kafkajs 2.2.4 re-arms a timer with a delay of about 1 ms for ever on each broker connection, even when nothing is
 * pending (tulios/kafkajs#1751), which costs an idle process several percent of a core. The timer is needed only
 * while requests wait or the broker throttles, so it is armed only then. A second timer of each connection looks for
 * overdue requests ten times a second; once is enough.
 */
export function stopIdleTimerLoop(): void {
  if (patched) return;
  patched = true;
  const require = createRequire(import.meta.url);
  const { prototype } = require('kafkajs/src/network/requestQueue') as { prototype: RequestQueue };
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) schedule.call(this);
  };
  prototype.scheduleRequestTimeoutCheck = function (this: RequestQueue) {
    if (!this.enforceRequestTimeout) return;
    this.destroy();
    this.requestTimeoutIntervalId = setInterval(() => endOverdueRequests(this), TIMEOUT_CHECK_INTERVAL_MS);
  };
}

function endOverdueRequests(queue: RequestQueue): void {
  const nowMs = Date.now();
  for (const request of queue.inflight.values()) {
    if (nowMs - request.sentAt > request.requestTimeout) request.timeoutRequest();
  }
  if (!queue.isConnected()) queue.destroy();
}
