import { BarChart, CustomChart } from 'echarts/charts';
import { GridComponent, TitleComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { type Kind } from '../../contestant.ts';
import { type Spread } from '../../measure/statistics.ts';
import { figure } from '../figure.ts';
import { type Theme, THEMES } from './theme.ts';

use([BarChart, CustomChart, GridComponent, TitleComponent, SVGRenderer]);

export interface ChartBar {
  readonly name: string;
  readonly kind: Kind;
  /** The bar is as long as the median; a line goes from the least to the most. */
  readonly value: Spread;
}

/** Bars with an axis of their own, from zero. */
export interface ChartGroup {
  readonly title: string;
  readonly bars: readonly ChartBar[];
}

const WIDTH = 880;
const ROW = 26;
const TITLE = 34;
const NAMES = 300;
const VALUES = 130;
const WHISKER = 5;

/** Horizontal bars in groups, one below the other, as an SVG document. */
export function barChart(groups: readonly ChartGroup[], theme: Theme): string {
  const heights = groups.map(({ bars }) => bars.length * ROW);
  const tops = heights.map((_, n) => TITLE + sum(heights.slice(0, n)) + n * TITLE);
  const height = sum(heights) + groups.length * TITLE + 8;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  const { ink, faint } = THEMES[theme];
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: 'system-ui, sans-serif' },
    title: groups.map(({ title }, n) => ({
      text: title,
      left: 4,
      top: tops[n]! - TITLE + 12,
      padding: 0,
      textStyle: { fontSize: 13, color: ink },
    })),
    grid: tops.map((top, n) => ({ left: NAMES, right: VALUES, top, height: heights[n] })),
    xAxis: groups.map((_, gridIndex) => ({
      gridIndex,
      type: 'value',
      min: 0,
      splitLine: { show: false },
      axisLabel: { show: false },
    })),
    yAxis: groups.map(({ bars }, gridIndex) => ({
      gridIndex,
      type: 'category',
      inverse: true,
      data: bars.map(({ name }) => name),
      axisLine: { lineStyle: { color: faint } },
      axisTick: { show: false },
      axisLabel: { color: ink, width: NAMES - 16, overflow: 'truncate' },
    })),
    series: groups.flatMap(({ bars }, n) => seriesOf(bars, n, theme)),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

function seriesOf(bars: readonly ChartBar[], axis: number, theme: Theme) {
  const { ink, kinds } = THEMES[theme];
  const onAxis = { xAxisIndex: axis, yAxisIndex: axis };
  return [
    {
      ...onAxis,
      type: 'bar',
      barWidth: 14,
      data: bars.map(({ kind, value }) => ({ value: value.median, itemStyle: { color: kinds[kind] } })),
    },
    {
      ...onAxis,
      type: 'custom',
      z: 3,
      data: bars.map(({ value: { least, most } }, n) => [least, n, most]),
      encode: { x: [0, 2], y: 1 },
      renderItem: (_: unknown, { value, coord }: Whisker) => whisker(value, coord, { bars, ink }),
    },
  ];
}

interface Whisker {
  readonly value: (dimension: number) => number;
  readonly coord: (point: readonly [number, number]) => readonly [number, number];
}

/** A line with ends, and the median as text behind it. */
function whisker(
  value: Whisker['value'],
  coord: Whisker['coord'],
  { bars, ink }: { readonly bars: readonly ChartBar[]; readonly ink: string },
) {
  const [least, row, most] = [value(0), value(1), value(2)];
  const [x1, y] = coord([least, row]);
  const [x2] = coord([most, row]);
  const line = (from: readonly [number, number], to: readonly [number, number]) => ({
    type: 'line',
    shape: { x1: from[0], y1: from[1], x2: to[0], y2: to[1] },
    style: { stroke: ink, lineWidth: 1 },
  });
  const text = figure(bars[row]!.value.median);
  return {
    type: 'group',
    children: [
      line([x1, y], [x2, y]),
      line([x1, y - WHISKER], [x1, y + WHISKER]),
      line([x2, y - WHISKER], [x2, y + WHISKER]),
      { type: 'text', style: { x: x2 + 8, y, text, fill: ink, fontSize: 12, verticalAlign: 'middle' } },
    ],
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
