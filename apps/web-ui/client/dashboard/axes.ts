import type uPlot from 'uplot';

type Color = (name: string) => string;

const FONT = '12px system-ui, sans-serif';

/** Time below, values on the left, both quiet; hours as 0–23 and no dates in the language of the library. */
export function axes(color: Color, value: (value: number) => string, language: string): uPlot.Axis[] {
  const quiet = { stroke: color('quiet'), font: FONT, ticks: { show: false } };
  return [
    {
      ...quiet,
      grid: { show: false },
      size: 28,
      space: 72,
      values: (_, times) => timeLabels(times, language),
    },
    {
      ...quiet,
      grid: { stroke: color('line'), width: 1 },
      size: 48,
      space: 48,
      values: (_, values) => values.map(value),
    },
  ];
}

/** Points in time at a distance of days are dates, of less than a minute have seconds. */
export function timeLabels(times: readonly number[], language: string): string[] {
  const step = (times[1] ?? 0) - (times[0] ?? 0);
  const options: Intl.DateTimeFormatOptions =
    step >= 86_400
      ? { month: 'short', day: 'numeric' }
      : { hour: '2-digit', minute: '2-digit', hour12: false, ...(step < 60 && { second: '2-digit' }) };
  const format = new Intl.DateTimeFormat(language, options);
  return times.map((time) => format.format(time * 1_000));
}
