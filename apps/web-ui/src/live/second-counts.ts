import { COLORS, type Color } from '@pipeline/event-schema';
import { type SecondCount } from './live-protocol.ts';

/** Counts per second and colour. Holds as many seconds as were added and not dropped. */
export class SecondCounts {
  private readonly bySecond = new Map<number, number[]>();

  add(epochSecond: number, color: Color): void {
    const counts = this.countsOf(epochSecond);
    const index = COLORS.indexOf(color);
    counts[index] = (counts[index] ?? 0) + 1;
  }

  merge(counts: readonly SecondCount[]): void {
    for (const [epochSecond, byColor] of counts) {
      const own = this.countsOf(epochSecond);
      byColor.forEach((count, index) => (own[index] = (own[index] ?? 0) + count));
    }
  }

  dropBefore(epochSecond: number): void {
    for (const second of this.bySecond.keys()) if (second < epochSecond) this.bySecond.delete(second);
  }

  /** Ascending by second. */
  list(): SecondCount[] {
    return [...this.bySecond].sort(([a], [b]) => a - b);
  }

  private countsOf(epochSecond: number): number[] {
    const known = this.bySecond.get(epochSecond);
    if (known) return known;
    const counts = COLORS.map(() => 0);
    this.bySecond.set(epochSecond, counts);
    return counts;
  }
}
