import { COLORS } from '@pipeline/event-schema';
import { useCallback, useMemo, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { formatShare, formatSlice } from '../format.ts';
import { coarser, type Timeline } from '../history/timeline.ts';
import { useMessages } from '../i18n/language.ts';
import { Chart } from './chart.tsx';
import { DataTable, Panel, Skeleton } from './panel.tsx';
import { stackedShare } from './stacked-share.ts';

const HEIGHT = 240;
/** Fewer than slices of the count: a share of a handful of clicks says nothing. */
const MAX_COLUMNS = 48;

/** How the colours divide each slice of time. */
export function ShareChart({ timeline }: { readonly timeline: Timeline | undefined }) {
  const { shareTitle } = useMessages();
  if (timeline) return <Drawn timeline={timeline} />;
  return (
    <Panel title={shareTitle}>
      <Skeleton height={`${HEIGHT}px`} />
    </Panel>
  );
}

function Drawn({ timeline }: { readonly timeline: Timeline }) {
  const messages = useMessages();
  const { language } = messages;
  const [hovered, setHovered] = useState<number | null>(null);
  const columns = useMemo(() => coarser(timeline, MAX_COLUMNS), [timeline]);
  const data = useMemo<uPlot.AlignedData>(() => {
    const edges = stackedShare(columns).map((edge) => [...edge]);
    // The highest edge is drawn first and the others over it.
    return [columns.starts.map((start) => start / 1_000), ...edges.reverse()];
  }, [columns]);
  const options = useCallback(
    (color: (name: string) => string) => ({
      value: (value: number) => formatShare(value / 100, language),
      most: 100,
      series: [{}, ...[...COLORS].reverse().map((name) => bars(color(name)))],
    }),
    [language],
  );
  const widthMs = (columns.starts[1] ?? 0) - (columns.starts[0] ?? 0);
  const slice = (index: number) => {
    const start = columns.starts[index] ?? 0;
    return formatSlice(start, start + widthMs, language);
  };
  const shares = (index: number) => {
    const counts = columns.counts[index] ?? [];
    const total = counts.reduce((sum, count) => sum + count, 0);
    return COLORS.map((name, color) => ({
      name,
      share: total === 0 ? undefined : (counts[color] ?? 0) / total,
    }));
  };
  const sheet = {
    columns: [messages.slice, ...COLORS.map((name) => messages.colors[name])],
    rows: columns.starts.map((_, index) => [slice(index), ...(columns.counts[index] ?? [])]),
  };
  return (
    <Panel
      title={messages.shareTitle}
      sheet={sheet}
      aside={hovered !== null && <span class="readout quiet">{slice(hovered)}</span>}
      hint={hovered === null ? messages.shareHint : <Shares shares={shares(hovered)} />}
    >
      <Chart
        height={HEIGHT}
        label={`${messages.shareTitle}. ${messages.shareHint}`}
        data={data}
        sliceSeconds={widthMs / 1_000}
        language={language}
        options={options}
        onHover={setHovered}
      />
      <DataTable sheet={sheet} />
    </Panel>
  );
}

interface SharesProps {
  readonly shares: readonly { readonly name: (typeof COLORS)[number]; readonly share: number | undefined }[];
}

/** The colours by name: two of them may look alike. */
function Shares({ shares }: SharesProps) {
  const { colors, none, language } = useMessages();
  return (
    <span class="shares">
      {shares.map(({ name, share }) => (
        <span key={name} class={`color-${name}`}>
          <span class="dot" aria-hidden="true" /> {colors[name]}{' '}
          {share === undefined ? none : formatShare(share, language)}
        </span>
      ))}
    </span>
  );
}

function bars(fill: string): uPlot.Series {
  const paths = uPlot.paths.bars?.({ size: [0.86, 60], align: 1 });
  return { fill, width: 0, points: { show: false }, ...(paths && { paths }) };
}
