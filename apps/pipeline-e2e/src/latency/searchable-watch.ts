import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@pipeline/testing';

/** Each look costs Elasticsearch work that the product does not ask for; a sample is at most this much too long. */
const LOOK_EVERY_MS = 100;
/** One event of so many is searched for: a search for each would be more work than all the product does. */
const WATCHED_ONE_OF = 20;
/** As many as one search may ask for and give back. */
const MOST_PER_SEARCH = 10_000;

interface SearchAnswer {
  readonly hits?: { readonly hits?: readonly { readonly _id: string }[] };
}

/**
 * Searches again and again for a sample of the events, those that were not found yet. A sample ends when the answer that has the event
 * is here: what somebody who searches sees, the time between two searches included.
 */
export class SearchableWatch {
  readonly samplesMs: number[] = [];
  private readonly clickedAt = new Map<string, number>();
  private expected = 0;
  private readonly closing = new AbortController();
  private readonly watching: Promise<void>;

  /** @param indices a name or pattern, such as `select-color-*`. */
  constructor(
    private readonly elasticsearchUrl: string,
    private readonly indices: string,
  ) {
    this.watching = this.watch();
  }

  /** @param clickedAt milliseconds since the epoch. */
  expect(eventId: string, clickedAt: number): void {
    if (this.expected++ % WATCHED_ONE_OF === 0) this.clickedAt.set(eventId, clickedAt);
  }

  /** The event was not taken, so nobody may find it. */
  forget(eventId: string): void {
    this.clickedAt.delete(eventId);
  }

  /** Resolves when everything was found. @throws an error that says how many events were not, after half a minute. */
  async close(): Promise<void> {
    const nothingOpen = (): void => {
      if (this.clickedAt.size > 0) throw new Error(`${this.clickedAt.size} events were not found`);
    };
    try {
      await eventually(nothingOpen, { timeoutMs: 30_000, intervalMs: 50 });
    } finally {
      this.closing.abort();
      await this.watching;
    }
  }

  private async watch(): Promise<void> {
    while (!this.closing.signal.aborted) {
      const ids = [...this.clickedAt.keys()].slice(0, MOST_PER_SEARCH);
      const found = ids.length === 0 ? [] : await this.search(ids);
      const nowMs = Date.now();
      for (const id of found) this.samplesMs.push(nowMs - (this.clickedAt.get(id) ?? nowMs));
      for (const id of found) this.clickedAt.delete(id);
      await pause(LOOK_EVERY_MS);
    }
  }

  private async search(ids: readonly string[]): Promise<string[]> {
    const path = `${this.indices}/_search?filter_path=hits.hits._id&allow_no_indices=true&ignore_unavailable=true`;
    const query = { constant_score: { filter: { terms: { event_id: ids } } } };
    const response = await fetch(`${this.elasticsearchUrl}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ size: ids.length, _source: false, track_total_hits: false, query }),
    });
    // A day's first index has no shard for a moment: nothing of it can be found then.
    if (!response.ok) return [];
    const { hits } = (await response.json()) as SearchAnswer;
    return (hits?.hits ?? []).map(({ _id }) => _id);
  }
}
