import { type Expectation } from './expected-band.ts';

/** Slices next to each other that were not as expected: one change of what happens, however long it takes. */
export interface Episode {
  /** Index of the first and of the last slice. */
  readonly from: number;
  readonly to: number;
  /** Per slice, over the episode. */
  readonly mean: number;
  /** What was expected of its first slice. */
  readonly expected: number;
}

/** A slice that is as expected does not end an episode, three do. */
const GAP = 2;
/** Fewer are chance, unless they are far outside. */
const MIN_SLICES = 3;
const FAR = 3;

/** Merges unusual slices into episodes, newest first. Pure. */
export function episodes(
  counts: readonly number[],
  expected: readonly (Expectation | null)[],
  flags: readonly boolean[],
): Episode[] {
  const runs: { from: number; to: number; flagged: number }[] = [];
  flags.forEach((flag, index) => {
    if (!flag) return;
    const last = runs.at(-1);
    if (last && index - last.to <= GAP + 1) Object.assign(last, { to: index, flagged: last.flagged + 1 });
    else runs.push({ from: index, to: index, flagged: 1 });
  });
  return runs
    .map(({ from, to, flagged }) => {
      const band = expected[from] ?? { low: 0, high: 0 };
      const mean = counts.slice(from, to + 1).reduce((sum, count) => sum + count, 0) / (to - from + 1);
      const center = (band.low + band.high) / 2;
      const isFar = mean > center + FAR * (band.high - center);
      return { from, to, mean, expected: center, isKept: flagged >= MIN_SLICES || isFar };
    })
    .filter(({ isKept }) => isKept)
    .map(({ from, to, mean, expected: of }) => ({ from, to, mean, expected: of }))
    .reverse();
}
