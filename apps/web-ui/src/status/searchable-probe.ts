import { parseInstant, type StoredEvent } from '@pipeline/event-schema';
import { type History } from '../query/history.ts';
import { type HealthReport } from '../protocol/health-report.ts';

/** What is told of an event that may be followed. */
type Followed = Pick<StoredEvent, 'event_id' | 'received_at'>;

export interface ProbeOptions {
  readonly now?: () => number;
  readonly pause?: (ms: number) => Promise<void>;
}

const MAX_SAMPLES = 200;
const ASK_EVERY_MS = 100;
/** An event that is not found by then tells of an outage, which others report better. */
const GIVE_UP_AFTER_MS = 30_000;

/**
 * Follows one live event at a time until a search finds it: what is measured is what somebody who searches sees,
 * over the whole way. Never more than one event under way, ten questions a second.
 */
export class SearchableProbe {
  private readonly samples: number[] = [];
  private following = false;
  private closed = false;
  private readonly now: () => number;
  private readonly pause: (ms: number) => Promise<void>;

  constructor(
    private readonly history: Pick<History, 'document'>,
    { now = Date.now, pause = pauseFor }: ProbeOptions = {},
  ) {
    this.now = now;
    this.pause = pause;
  }

  /** Takes the newest of some events, unless one is being followed. Never rejects. */
  async follow(events: readonly Followed[]): Promise<void> {
    const newest = events.at(-1);
    if (!newest || this.following || this.closed) return;
    this.following = true;
    const foundAfterMs = await this.untilFound(newest).catch(() => undefined);
    this.following = false;
    if (foundAfterMs === undefined) return;
    this.samples.push(foundAfterMs);
    if (this.samples.length > MAX_SAMPLES) this.samples.shift();
  }

  summary(): HealthReport['searchable'] {
    const sorted = [...this.samples].sort((a, b) => a - b);
    const rank = (share: number): number => sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
    return sorted.length === 0 ? null : { p50Ms: rank(0.5), p99Ms: rank(0.99), samples: sorted.length };
  }

  close(): void {
    this.closed = true;
  }

  private async untilFound({ event_id: eventId, received_at }: Followed): Promise<number | undefined> {
    const receivedMs = parseInstant(received_at);
    while (!this.closed && this.now() - receivedMs < GIVE_UP_AFTER_MS) {
      const { found } = await this.history.document({ eventId });
      if (found) return Math.max(0, this.now() - receivedMs);
      await this.pause(ASK_EVERY_MS);
    }
    return undefined;
  }
}

function pauseFor(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms).unref());
}
