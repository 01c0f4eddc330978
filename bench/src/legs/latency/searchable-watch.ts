import { setTimeout as wait } from 'node:timers/promises';
import { fetchOk } from '@pipeline/testing';
import { Latencies } from '../../load/latencies.ts';
import { type SentEvent } from '../../load/load.ts';
import { eventId } from '../../load/event-id.ts';

/** The day of es-sink's index for events that tell no time: neither the ids of the bench nor its events do. */
const UNDATED = '2099.12.31';

/** How often it looks: a sample is at most this much too long. */
const GET_EVERY_MS = 10;
const SEARCH_EVERY_MS = 50;
const PATIENCE_MS = 60_000;

interface Found {
  readonly docs?: readonly { readonly _id: string; readonly found?: boolean }[];
  readonly hits?: { readonly hits?: readonly { readonly _id: string }[] };
}

type Open = Map<string, SentEvent>;

/**
 * Asks Elasticsearch for events that were sent, again and again until it has each of them: by id, which it answers once the
 * write is applied and in its log, refreshed or not; and by a search, which finds what is refreshed.
 */
export class SearchableWatch {
  readonly applied = new Latencies();
  readonly searchable = new Latencies();
  private readonly unapplied: Open = new Map();
  private readonly unsearchable: Open = new Map();
  private readonly closing = new AbortController();
  private readonly watching: Promise<unknown>;

  constructor(
    private readonly elasticsearchUrl: string,
    private readonly topic: string,
  ) {
    this.watching = Promise.all([
      this.watch(this.unapplied, this.applied, GET_EVERY_MS, (open) => this.get(open)),
      this.watch(this.unsearchable, this.searchable, SEARCH_EVERY_MS, (open) => this.search(open)),
    ]);
  }

  expect(event: SentEvent): void {
    const id = eventId(event.number);
    this.unapplied.set(id, event);
    this.unsearchable.set(id, event);
  }

  /** Resolves when everything was found. @throws when something was not for a minute. */
  async close(): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (this.unsearchable.size + this.unapplied.size > 0) {
      if (performance.now() > deadline) throw new Error(`${this.unsearchable.size} events were not found`);
      await wait(SEARCH_EVERY_MS);
    }
    this.closing.abort();
    await this.watching;
  }

  private async watch(
    open: Open,
    latencies: Latencies,
    everyMs: number,
    look: (open: Open) => Promise<readonly string[]>,
  ): Promise<void> {
    while (!this.closing.signal.aborted) {
      // A day's first index has no shard for a moment: nothing of it can be found then.
      const found = open.size === 0 ? [] : await look(open).catch(() => []);
      const nowMs = performance.timeOrigin + performance.now();
      for (const id of found) {
        const event = open.get(id);
        if (event !== undefined) latencies.add(nowMs - event.atMs);
        open.delete(id);
      }
      await wait(everyMs);
    }
  }

  private async get(open: Open): Promise<string[]> {
    const docs = [...open.keys()].map((_id) => ({ _index: `${this.topic}-${UNDATED}`, _id, _source: false }));
    const { docs: answers } = await this.post('_mget?filter_path=docs._id,docs.found', { docs });
    return (answers ?? []).filter(({ found }) => found).map(({ _id }) => _id);
  }

  private async search(open: Open): Promise<string[]> {
    const ids = [...open.keys()];
    const query = { constant_score: { filter: { terms: { event_id: ids } } } };
    const path = `${this.topic}-*/_search?filter_path=hits.hits._id&ignore_unavailable=true`;
    const body = { size: ids.length, _source: false, track_total_hits: false, query };
    const { hits } = await this.post(path, body);
    return (hits?.hits ?? []).map(({ _id }) => _id);
  }

  private async post(path: string, body: object): Promise<Found> {
    const answer = await fetchOk(`${this.elasticsearchUrl}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return (await answer.json()) as Found;
  }
}
