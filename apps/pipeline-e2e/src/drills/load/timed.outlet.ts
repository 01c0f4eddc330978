import { type Click, type PageView } from './click.ts';
import { CollectorOutlet } from './collector.outlet.ts';

/** Also knows how long answers take. */
export class TimedOutlet extends CollectorOutlet {
  private durationsMs: number[] = [];

  override async send(events: readonly (Click | PageView)[]): Promise<readonly string[]> {
    const startedAtMs = performance.now();
    const ids = await super.send(events);
    this.durationsMs.push(performance.now() - startedAtMs);
    return ids;
  }

  /** @returns the median of the answers since the last call, in milliseconds. */
  takeMedianMs(): number {
    const sorted = this.durationsMs.sort((a, b) => a - b);
    this.durationsMs = [];
    return sorted[Math.floor(sorted.length / 2)] ?? 0;
  }
}
