import { COLORS, type Color } from '@pipeline/event-schema';
import { BOTS, PAGE_VIEWS, type SecondCount } from '../protocol/live-protocol.ts';

/** Picks per second and colour, and page views per second, those of bots apart. Holds as many seconds as were added and not dropped. */
export class SecondCounts {
  private readonly bySecond = new Map<number, number[]>();

  /** @param color absent where a page was viewed. */
  add(epochSecond: number, isBot: boolean, color?: Color): void {
    const series = color === undefined ? PAGE_VIEWS : COLORS.indexOf(color);
    this.increment(epochSecond, isBot ? BOTS + series : series);
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
    while (counts.length <= series) counts.push(0);
    counts[series] = (counts[series] ?? 0) + 1;
  }

  private countsOf(epochSecond: number): number[] {
    const known = this.bySecond.get(epochSecond);
    if (known) return known;
    const counts = Array.from({ length: BOTS }, () => 0);
    this.bySecond.set(epochSecond, counts);
    return counts;
  }
}
