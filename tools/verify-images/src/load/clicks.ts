import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { COLORS } from '@pipeline/event-schema';

const PER_REQUEST = 10;
const TICK_MS = 20;
/** A collector that does not answer must not pile up requests here. */
const MOST_IN_FLIGHT = 16;
const VISITORS = 100;

/** Some five hundred clicks per second, until `stop()`. What is not acknowledged is not sent again. */
export class Clicks {
  /** Ids that the collector claims to be durable. */
  readonly acknowledged: string[] = [];
  private readonly stopping = new AbortController();
  private readonly inFlight = new Set<Promise<void>>();
  private readonly running: Promise<void>;

  constructor(private readonly collectorUrl: string) {
    this.running = this.run();
  }

  /** Resolves when so many more have been acknowledged. @throws Error when they are not within half a minute. */
  async advance(events: number): Promise<void> {
    const wanted = this.acknowledged.length + events;
    const deadline = performance.now() + 30_000;
    while (this.acknowledged.length < wanted) {
      if (performance.now() > deadline) throw new Error('the collector acknowledges nothing any more');
      await pause(TICK_MS);
    }
  }

  /** Resolves when the last request has ended. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await Promise.all(this.inFlight);
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      if (this.inFlight.size < MOST_IN_FLIGHT) {
        const request: Promise<void> = this.send().finally(() => this.inFlight.delete(request));
        this.inFlight.add(request);
      }
      await pause(TICK_MS);
    }
  }

  private async send(): Promise<void> {
    try {
      const response = await fetch(`${this.collectorUrl}/v1/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(Array.from({ length: PER_REQUEST }, click)),
      });
      this.acknowledged.push(...durableIds(response.status, await response.json()));
    } catch {
      // No answer promises nothing.
    }
  }
}

/** Ids that an answer of `POST /v1/events` claims to be durable. */
export function durableIds(status: number, body: unknown): string[] {
  if (status !== 202) return [];
  const { results } = body as { results: readonly { event_id: string; status: string }[] };
  return results.filter((result) => result.status !== 'rejected').map(({ event_id }) => event_id);
}

function click(): object {
  const visitor = Math.floor(Math.random() * VISITORS);
  return {
    event_id: randomUUID(),
    event_type: 'select-color',
    schema_version: 1,
    user_name: `visitor ${visitor}`,
    color_name: COLORS[visitor % COLORS.length],
    visitor_id: `visitor-${visitor}`,
  };
}
