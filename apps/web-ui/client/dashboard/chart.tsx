import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { useTheme } from './theme.ts';

export interface ChartProps {
  readonly height: number;
  /** What the chart shows, in a sentence: the picture itself is invisible to a screen reader. */
  readonly label: string;
  readonly data: uPlot.AlignedData;
  /** Called again when light turns into dark: colours are read from the style sheet. */
  readonly options: (color: (name: string) => string) => Omit<uPlot.Options, 'width' | 'height'>;
  /** The slice under the pointer. */
  readonly onHover?: (index: number | null) => void;
}

/** A uPlot chart as wide as its place. `options` must keep its identity between renders. */
export function Chart({ height, label, data, options, onHover }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const latest = useRef({ data, onHover });
  latest.current = { data, onHover };
  const theme = useTheme();

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const style = getComputedStyle(document.documentElement);
    const made = new uPlot(
      {
        ...options((name) => style.getPropertyValue(`--${name}`).trim()),
        width: element.clientWidth,
        height,
        legend: { show: false },
        hooks: { setCursor: [({ cursor }) => latest.current.onHover?.(cursor.idx ?? null)] },
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
  }, [options, height, theme]);

  useEffect(() => plot.current?.setData(data), [data]);
  return <div ref={place} class="chart" role="img" aria-label={label} style={{ height: `${height}px` }} />;
}
