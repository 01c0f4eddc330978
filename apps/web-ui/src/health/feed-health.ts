import { Readiness } from '@pipeline/observability';
import { type FeedState } from '../protocol/live-protocol.ts';

/** How long a starting replica may wait for Kafka before it serves the page without a live feed. */
export const START_WITHOUT_FEED_AFTER_MS = 15_000;

/**
 * What Kafka's absence means for a server of pages: less, not nothing. The consumer reports to `inner`; `/readyz`
 * hears of it only until the feed has been there once, or the wait for it was too long. A later outage shows on the
 * page and in the metrics, and takes no replica out of service.
 */
export class FeedHealth {
  /** Where the parts that need Kafka register. */
  readonly inner = new Readiness();
  private readonly startedAt = Date.now();
  private wasLive = false;

  /** Also the check that `/readyz` uses. */
  notReady(): string | undefined {
    if (this.state() === 'live' || this.wasLive) return undefined;
    if (Date.now() - this.startedAt >= START_WITHOUT_FEED_AFTER_MS) return undefined;
    return Object.values(this.inner.notReady())[0];
  }

  state(): FeedState {
    const live = Object.keys(this.inner.notReady()).length === 0;
    this.wasLive ||= live;
    return live ? 'live' : 'waiting';
  }
}
