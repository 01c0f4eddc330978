/** Finer steps would be less than a pixel or two, and each starts an animation anew. */
const STEPS = 200;

/** How full something is, for `--level` of a style sheet: 0–1 in steps that can be seen. */
export function level(count: number, most: number): string {
  return String(Math.round((count / most) * STEPS) / STEPS);
}
