import { type Measured } from '../../leg.ts';
import { type FigureName, FIGURES } from '../figures.ts';
import { type LegReport } from '../report.ts';
import { type ChartGroup } from './bar-chart.ts';

/** Legs in which floors and peers do the same as a part of the pipeline. */
export const PARTS: Readonly<Record<string, string>> = {
  collector: 'HTTP → Kafka',
  hdfs: 'Kafka → HDFS',
  es: 'Kafka → Elasticsearch',
};

/** What a leg's chart shows of it. */
export const SHOWN: Readonly<Record<string, FigureName>> = {
  collector: 'eventsPerSecond',
  hdfs: 'eventsPerSecond',
  es: 'eventsPerSecond',
  latency: 'p99Ms',
  rest: 'rssMiB',
  scale: 'cpuSecondsPerMillion',
  micro: 'timesJsonParse',
};

/** The groups of one leg's chart, a group for each load; none where the leg has no chart. */
export function chartOf({ leg, measured }: LegReport): ChartGroup[] {
  const shown = SHOWN[leg];
  if (shown === undefined) return [];
  const loads = [...new Set(measured.map(({ load }) => load))];
  return loads.flatMap((load) => {
    const bars = measured.filter((row) => row.load === load).flatMap((row) => barOf(row, shown));
    return bars.length === 0 ? [] : [{ title: `${load}, ${FIGURES[shown]}`, bars }];
  });
}

/** Throughput of every part at its first load, in one chart. */
export function overviewOf(legs: readonly LegReport[]): ChartGroup[] {
  return legs
    .filter(({ leg }) => leg in PARTS)
    .flatMap((leg) =>
      chartOf(leg)
        // A load of a steady rate is no throughput.
        .filter(({ bars }) => bars.length > 1)
        .slice(0, 1)
        .map(({ title, bars }) => ({ title: `${PARTS[leg.leg]}: ${title}`, bars })),
    );
}

function barOf({ who, kind, figures }: Measured, shown: FigureName): ChartGroup['bars'][number][] {
  const value = figures[shown];
  return value === undefined ? [] : [{ name: who, kind, value }];
}
