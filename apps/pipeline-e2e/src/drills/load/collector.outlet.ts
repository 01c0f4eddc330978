import { acknowledgedIds, sendEvents, type CollectorAnswer } from '../../support/send-events.ts';
import { type Click, type PageView } from './click.ts';
import { type Outlet } from './outlet.ts';

type Collector = { readonly url: string };

/** Through the REST endpoint of one collector after the other, as a load balancer does it. */
export class CollectorOutlet implements Outlet<Click | PageView> {
  /** Answers by status; `0`: no answer at all. */
  readonly statuses = new Map<number, number>();
  /** Answers 202 by where the events were durable. */
  readonly durabilities = new Map<string, number>();
  /** Whole seconds, on the clock of `performance.now()`, in which a request was refused. */
  readonly refusedSeconds = new Set<number>();
  private next = 0;

  /** @param collectors those that take requests now; asked before each request. */
  constructor(private readonly collectors: () => readonly Collector[]) {}

  /** Answers by status, for people. */
  get text(): string {
    const parts = [...this.statuses].sort(([a], [b]) => a - b);
    return `answers: ${parts.map(([status, times]) => `${times} × ${status === 0 ? 'none' : status}`).join(', ')}`;
  }

  async send(events: readonly (Click | PageView)[]): Promise<readonly string[]> {
    const collectors = this.collectors();
    const collector = collectors[this.next++ % Math.max(1, collectors.length)];
    if (collector === undefined) return [];
    try {
      const answer = await sendEvents(collector, events);
      this.count(answer.status);
      const { durability } = answer.body;
      if (durability !== undefined)
        this.durabilities.set(durability, (this.durabilities.get(durability) ?? 0) + 1);
      return durableIds(answer);
    } catch {
      this.count(0);
      return [];
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private count(status: number): void {
    if (status === 503) this.refusedSeconds.add(Math.floor(performance.now() / 1_000));
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
  }
}

/** An event that is told to be a duplicate is durable too. */
function durableIds(answer: CollectorAnswer): string[] {
  if (answer.status !== 202) return [];
  const duplicates = (answer.body.results ?? []).filter(({ status }) => status === 'duplicate');
  return [...acknowledgedIds(answer), ...duplicates.map(({ event_id }) => event_id)];
}
