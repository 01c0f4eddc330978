import { COLORS } from '@pipeline/event-schema';
import { useCallback, useMemo } from 'preact/hooks';
import uPlot from 'uplot';
import { formatShare } from '../format.ts';
import { coarser, type Timeline } from '../history/timeline.ts';
import { useMessages } from '../i18n/language.ts';
import { axes } from './axes.ts';
import { Chart } from './chart.tsx';
import { stackedShare } from './stacked-share.ts';

const HEIGHT = 240;
/** Fewer than slices of the rate: a share of a handful of clicks says nothing. */
const MAX_COLUMNS = 48;

/** How the colours divide each slice of time. */
export function ShareChart({ timeline }: { readonly timeline: Timeline }) {
  const messages = useMessages();
  const { language } = messages;
  const data = useMemo<uPlot.AlignedData>(() => {
    const columns = coarser(timeline, MAX_COLUMNS);
    const edges = stackedShare(columns).map((edge) => [...edge]);
    // The highest edge is drawn first and the others over it.
    return [columns.starts.map((start) => start / 1_000), ...edges.reverse()];
  }, [timeline]);
  const options = useCallback((color: (name: string) => string) => shareOptions(color, language), [language]);
  return (
    <section class="panel">
      <header class="panel-head">
        <h2>{messages.shareTitle}</h2>
      </header>
      <Chart
        height={HEIGHT}
        label={`${messages.shareTitle}. ${messages.shareHint}`}
        data={data}
        options={options}
      />
      <p class="hint">{messages.shareHint}</p>
    </section>
  );
}

function shareOptions(
  color: (name: string) => string,
  language: string,
): Omit<uPlot.Options, 'width' | 'height'> {
  const bars = uPlot.paths.bars?.({ size: [0.86, 40], radius: 0 });
  return {
    axes: axes(color, (value) => formatShare(value, language), language),
    scales: { x: { range: halfColumnWider }, y: { range: [0, 1] } },
    cursor: { show: false },
    series: [
      {},
      ...[...COLORS].reverse().map((name) => ({
        fill: color(name),
        width: 0,
        ...(bars && { paths: bars }),
        points: { show: false },
      })),
    ],
  };
}

/** Bars stand on their points: the first and the last need half their width outside. */
function halfColumnWider(plot: uPlot, min: number, max: number): [number, number] {
  const half = (max - min) / Math.max(1, (plot.data[0].length - 1) * 2);
  return [min - half, max + half];
}
