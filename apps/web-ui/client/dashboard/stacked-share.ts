import { COLORS } from '@pipeline/event-schema';
import { type Timeline } from '../history/timeline.ts';

/**
 * For each colour in the order of `COLORS`, the upper edge of its part of each slice in percent: its own share on top of
 * those before it. `null` where a slice is empty. Pure.
 */
export function stackedShare({ counts }: Timeline): readonly (readonly (number | null)[])[] {
  const totals = counts.map((byColor) => byColor.reduce((sum, count) => sum + count, 0));
  return COLORS.map((_, color) =>
    counts.map((byColor, slice) => {
      const total = totals[slice] ?? 0;
      if (total === 0) return null;
      return (100 * byColor.slice(0, color + 1).reduce((sum, count) => sum + count, 0)) / total;
    }),
  );
}
