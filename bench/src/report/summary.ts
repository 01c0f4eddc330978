import { type Kind } from '../contestant.ts';
import { type Measured } from '../leg.ts';
import { figure } from './figure.ts';
import { type LegReport } from './report.ts';

/** Legs in which somebody else does the same. */
const PARTS: Readonly<Record<string, string>> = {
  collector: 'HTTP → Kafka',
  hdfs: 'Kafka → HDFS',
  es: 'Kafka → Elasticsearch',
};

/** One table over all legs: ours in events per second, and who stands beside it. */
export function summaryTable(legs: readonly LegReport[]): string {
  return [
    '| what | ours, events/s | floors | peers |',
    '| --- | --- | --- | --- |',
    ...legs.flatMap(rowsOf),
  ].join('\n');
}

function rowsOf({ leg, measured, contestants = [] }: LegReport): string[] {
  const part = PARTS[leg];
  if (part === undefined) return [];
  const versions = new Map(contestants.map(({ name, version }) => [name, version]));
  const loads = [...new Set(measured.map(({ load }) => load))];
  return loads.flatMap((load) => {
    const rows = measured.filter((row) => row.load === load);
    const of = (kind: Kind) => rows.filter((row) => row.kind === kind);
    // A load of a steady rate has nobody beside it.
    if (rows.length < 2) return [];
    const named = (row: Measured) => {
      const version = versions.get(row.who);
      return `${rateOf(row)} ${row.who}${version === undefined ? '' : ` ${version}`}`;
    };
    const cells = [
      of('ours').map(rateOf).join('<br>'),
      of('floor').map(named).join('<br>'),
      of('peer').map(named).join('<br>'),
    ];
    return [`| ${[`${part}, ${load}`, ...cells.map((cell) => cell || '–')].join(' | ')} |`];
  });
}

function rateOf({ figures: { eventsPerSecond } }: Measured): string {
  return eventsPerSecond === undefined ? '–' : figure(eventsPerSecond.median);
}
