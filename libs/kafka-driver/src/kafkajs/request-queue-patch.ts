import { privateModule, type RequestQueue } from './kafkajs.ts';

/** Fine enough for time-outs of seconds. */
const TIMEOUT_CHECK_INTERVAL_MS = 1_000;

/**
 * kafkajs 2.2.4 re-arms a timer with a delay of about 1 ms endlessly on each broker connection, even when nothing is
 * pending (tulios/kafkajs#1751), which costs an idle process several percent of a core. The timer is needed only
 * while requests wait or the broker throttles, so it is armed only then. A second timer of each connection looks for
 * overdue requests ten times a second; once is enough.
 */
export function stopIdleTimerLoop(): void {
  const { prototype } = privateModule('src/network/requestQueue');
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
