const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** Values as bars between 0 and `top`, each column the highest of its share of them. */
export function sparkline(
  values: readonly number[],
  { columns, top }: { columns: number; top: number },
): string {
  const width = Math.max(1, values.length / columns);
  let bars = '';
  for (let column = 0; column * width < values.length; column++) {
    const highest = Math.max(...values.slice(Math.floor(column * width), Math.ceil((column + 1) * width)));
    bars += BARS[Math.min(BARS.length - 1, Math.floor((highest / top) * BARS.length))] ?? '';
  }
  return bars;
}
