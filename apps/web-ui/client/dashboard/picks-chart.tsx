import { useCallback, useMemo, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { formatCount, formatRate, formatSlice, formatSpan } from '../format.ts';
import { type Timeline } from '../history/timeline.ts';
import { useMessages } from '../i18n/language.ts';
import { Chart } from './chart.tsx';
import { DataTable, Panel, Skeleton } from './panel.tsx';
import { picksOver } from './rate.ts';

const HEIGHT = 240;
const SHOWN_EPISODES = 5;

export interface PicksChartProps {
  /** Nothing while the history has not answered. */
  readonly timeline: Timeline | undefined;
  readonly sliceMs: number;
}

/** Picks of each slice of time, with the band of what was expected and the times at which it was not met. */
export function PicksChart({ timeline, sliceMs }: PicksChartProps) {
  const messages = useMessages();
  const span = formatSpan(sliceMs, messages.language);
  const title = messages.picksPer(span);
  if (!timeline)
    return (
      <Panel title={title}>
        <Skeleton height={`${HEIGHT}px`} />
      </Panel>
    );
  return <Drawn timeline={timeline} sliceMs={sliceMs} title={title} span={span} />;
}

interface DrawnProps {
  readonly timeline: Timeline;
  readonly sliceMs: number;
  readonly title: string;
  readonly span: string;
}

function Drawn({ timeline, sliceMs, title, span }: DrawnProps) {
  const messages = useMessages();
  const { language } = messages;
  const [hovered, setHovered] = useState<number | null>(null);
  const picks = useMemo(() => picksOver(timeline), [timeline]);
  const { times, counts, low, high, episodes } = picks;
  const data = useMemo<uPlot.AlignedData>(() => [[...times], [...high], [...low], [...counts]], [picks]);
  const options = useCallback(
    (color: (name: string) => string) => ({
      value: (count: number) => formatCount(count, language),
      bands: [{ series: [1, 2] as [number, number], fill: `${color('quiet')}2b` }],
      series: [{}, EDGE, EDGE, bars(color('accent'))],
    }),
    [language],
  );
  const slice = (index: number, to = index) =>
    formatSlice((times[index] ?? 0) * 1_000, (times[to] ?? 0) * 1_000 + sliceMs, language);
  const count = (index: number) => formatCount(counts[index] ?? 0, language);
  const sheet = {
    columns: [messages.slice, messages.clicks],
    rows: times.map((_, index) => [slice(index), counts[index] ?? 0]),
  };
  return (
    <Panel
      title={title}
      className="rate"
      sheet={sheet}
      aside={
        <p class="readout">
          {hovered !== null && hovered < times.length && (
            <>
              <span class="quiet">{slice(hovered)} </span>
              <strong>{count(hovered)}</strong>
            </>
          )}
        </p>
      }
      hint={messages.bandHint}
    >
      <Chart
        height={HEIGHT}
        label={messages.chartSummary(
          title,
          formatCount(timeline.total, language),
          formatCount(Math.max(0, ...counts), language),
        )}
        data={data}
        sliceSeconds={sliceMs / 1_000}
        language={language}
        options={options}
        onHover={setHovered}
      />
      {episodes.length > 0 && (
        <ul class="episodes" aria-label={messages.unusualTitle}>
          {episodes.slice(0, SHOWN_EPISODES).map(({ from, to, mean, expected }) => (
            <li key={times[from]}>
              <span class="unusual">{messages.unusualTitle}</span>{' '}
              {messages.unusual(
                slice(from, to),
                formatRate(mean, language),
                formatRate(expected, language),
                span,
              )}
            </li>
          ))}
        </ul>
      )}
      <DataTable sheet={sheet} />
    </Panel>
  );
}

const EDGE: uPlot.Series = { stroke: 'transparent', points: { show: false } };

function bars(fill: string): uPlot.Series {
  const paths = uPlot.paths.bars?.({ size: [0.84, 60], align: 1 });
  return { fill, width: 0, points: { show: false }, ...(paths && { paths }) };
}
