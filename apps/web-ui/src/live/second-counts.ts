import { COLORS, type Color } from '@pipeline/event-schema';
import { PAGE_VIEWS, type SecondCount } from '../protocol/live-protocol.ts';

/** Picks per second and colour, and page views per second. Holds as many seconds as were added and not dropped. */
export class SecondCounts {
  private readonly bySecond = new Map<number, number[]>();

  add(epochSecond: number, color: Color): void {
    this.increment(epochSecond, COLORS.indexOf(color));
  }

  addView(epochSecond: number): void {
    this.increment(epochSecond, PAGE_VIEWS);
  }

  merge(counts: readonly SecondCount[]): void {
    for (const [epochSecond, added] of counts) {
      const own = this.countsOf(epochSecond);
      added.forEach((count, index) => (own[index] = (own[index] ?? 0) + count));
    }
  }

  dropBefore(epochSecond: number): void {
    for (const second of this.bySecond.keys()) if (second < epochSecond) this.bySecond.delete(second);
  }

  /** Ascending by second. */
  list(): SecondCount[] {
    return [...this.bySecond].sort(([a], [b]) => a - b);
  }

  private increment(epochSecond: number, series: number): void {
    const counts = this.countsOf(epochSecond);
    counts[series] = (counts[series] ?? 0) + 1;
  }

  private countsOf(epochSecond: number): number[] {
    const known = this.bySecond.get(epochSecond);
    if (known) return known;
    const counts = Array.from({ length: PAGE_VIEWS + 1 }, () => 0);
    this.bySecond.set(epochSecond, counts);
    return counts;
  }
}
