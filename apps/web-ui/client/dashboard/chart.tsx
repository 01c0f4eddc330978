import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { formatTicks, shownZone } from '../format.ts';
import { useTheme } from './theme.ts';

type Color = (name: string) => string;

export interface ChartProps {
  readonly height: number;
  /** What the chart shows, in a sentence: the picture itself is invisible to a screen reader. */
  readonly label: string;
  /** The first series are the beginnings of the slices, seconds since the epoch. */
  readonly data: uPlot.AlignedData;
  /** Width of a slice. */
  readonly sliceSeconds: number;
  readonly language: string;
  /** Called again when light turns into dark: colours are read from the style sheet. */
  readonly options: (color: Color) => Pick<uPlot.Options, 'series' | 'bands'> & {
    readonly value: (value: number) => string;
    /** The value axis ends here; it ends above the largest value where it is absent. */
    readonly most?: number;
  };
  /** The slice under the pointer. */
  readonly onHover: (index: number | null) => void;
}

const FONT = '12px system-ui, sans-serif';

/** Bars over slices of time, as wide as their place. `options` must keep its identity between renders. */
export function Chart({ height, label, data, sliceSeconds, language, options, onHover }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const latest = useRef({ data, onHover });
  latest.current = { data, onHover };
  const theme = useTheme();
  const zone = shownZone();

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const style = getComputedStyle(document.documentElement);
    const color = (name: string): string => style.getPropertyValue(`--${name}`).trim();
    const { value, most, ...series } = options(color);
    const made = new uPlot(
      {
        ...series,
        tzDate: (seconds) =>
          zone ? uPlot.tzDate(new Date(seconds * 1_000), zone) : new Date(seconds * 1_000),
        scales: {
          // Bars stand on the beginning of their slices.
          x: { range: (_, min, max) => [min, max + sliceSeconds] },
          y: {
            range: (_, _min, max) =>
              most === undefined ? uPlot.rangeNum(0, Math.max(max, 1), PADDING) : [0, most],
          },
        },
        axes: axes(color, value, language),
        cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
        width: element.clientWidth,
        height,
        legend: { show: false },
        hooks: { setCursor: [(chart) => latest.current.onHover(hovered(chart))] },
      },
      latest.current.data,
      element,
    );
    plot.current = made;
    const resized = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [options, height, theme, zone, sliceSeconds, language]);

  useEffect(() => plot.current?.setData(data), [data]);
  return <div ref={place} class="chart" role="img" aria-label={label} style={{ height: `${height}px` }} />;
}

const PADDING: uPlot.Range.Config = { min: { pad: 0, hard: 0, mode: 1 }, max: { pad: 0.1, mode: 2 } };

/** The slice that the pointer is in: uPlot tells the nearest beginning. */
function hovered(chart: uPlot): number | null {
  const { data } = chart;
  const { left = -1 } = chart.cursor;
  if (left < 0) return null;
  const at = chart.posToVal(left, 'x');
  let index = data[0].length - 1;
  while (index > 0 && (data[0][index] ?? 0) > at) index--;
  return index;
}

/** Time below, values on the left, both quiet. */
function axes(color: Color, value: (value: number) => string, language: string): uPlot.Axis[] {
  const quiet = { stroke: color('quiet'), font: FONT, ticks: { show: false } };
  return [
    {
      ...quiet,
      grid: { show: false },
      size: 28,
      space: 72,
      values: (_, times) => formatTicks(times, language),
    },
    {
      ...quiet,
      grid: { stroke: color('line'), width: 1 },
      size: 52,
      space: 40,
      // A count has no halves.
      incrs: [1, 2, 5, 10, 20, 25, 50]
        .flatMap((step) => [step, step * 100, step * 10_000, step * 1_000_000])
        .sort((a, b) => a - b),
      values: (_, values) => values.map(value),
    },
  ];
}
