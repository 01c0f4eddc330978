import { useCallback, useMemo, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { formatRate } from '../format.ts';
import { useMessages } from '../i18n/language.ts';
import { axes, timeLabels } from './axes.ts';
import { Chart } from './chart.tsx';
import { type Rate } from './rate.ts';

const HEIGHT = 240;

/** Clicks per second over time, with the band of what was expected and dots where it was not met. */
export function RateChart({ rate }: { readonly rate: Rate }) {
  const messages = useMessages();
  const { language } = messages;
  const [hovered, setHovered] = useState<number | null>(null);
  const data = useMemo<uPlot.AlignedData>(
    () => [[...rate.times], [...rate.high], [...rate.low], [...rate.perSecond], [...rate.unusual]],
    [rate],
  );
  const options = useCallback((color: (name: string) => string) => rateOptions(color, language), [language]);
  const unusual = rate.unusual.filter((value) => value !== null).length;
  const shown = hovered ?? rate.perSecond.length - 1;
  const peak = formatRate(Math.max(0, ...rate.perSecond), language);
  const current = formatRate(rate.perSecond[shown] ?? 0, language);
  return (
    <section class="panel rate">
      <header class="panel-head">
        <h2>{messages.rateTitle}</h2>
        <p class="readout">
          {hovered !== null && (
            <span class="quiet">{timeLabels([rate.times[hovered] ?? 0], language)[0]} </span>
          )}
          <strong>{current}</strong>
          {messages.perSecond}
        </p>
      </header>
      <Chart
        height={HEIGHT}
        label={messages.rateSummary(current, peak)}
        data={data}
        options={options}
        onHover={setHovered}
      />
      <p class="hint">
        {messages.rateHint}
        {unusual > 0 && <strong class="unusual"> {messages.unusual(unusual)}</strong>}
      </p>
    </section>
  );
}

function rateOptions(
  color: (name: string) => string,
  language: string,
): Omit<uPlot.Options, 'width' | 'height'> {
  const accent = color('accent');
  const spline = uPlot.paths.spline?.();
  const edge = { stroke: 'transparent', points: { show: false } };
  return {
    axes: axes(color, (value) => formatRate(value, language), language),
    scales: { y: { range: (_plot, _min, max) => [0, Math.max(1, max * 1.15)] } },
    cursor: { y: false, points: { size: 8 }, drag: { x: false, y: false } },
    bands: [{ series: [1, 2], fill: translucent(accent, 16) }],
    series: [
      {},
      edge,
      edge,
      { stroke: accent, width: 2, points: { show: false }, ...(spline && { paths: spline }) },
      {
        stroke: color('warn'),
        paths: () => null,
        points: { show: true, size: 8, fill: color('warn'), width: 0 },
      },
    ],
  };
}

/** A hex colour with an opacity in percent. */
function translucent(hex: string, percent: number): string {
  return `${hex}${Math.round(percent * 2.55)
    .toString(16)
    .padStart(2, '0')}`;
}
