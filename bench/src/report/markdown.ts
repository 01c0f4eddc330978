import { type Bar, type LegResult, type Measured } from '../leg.ts';
import { type Spread } from '../measure/statistics.ts';
import { FIGURE_NAMES, FIGURES } from './figures.ts';
import { type Machine } from './machine.ts';

export interface Report {
  readonly startedAt: string;
  readonly isQuick: boolean;
  readonly repetitions: number;
  readonly machine: Machine;
  readonly legs: readonly (LegResult & { readonly title: string })[];
}

/** The report for people: medians, [least–most], and whether each promise holds. */
export function markdown({ startedAt, isQuick, repetitions, machine, legs }: Report): string {
  const sections = legs.flatMap(({ leg, title, measured, bars, faults, peerFaults = [], notes = [] }) => [
    `## ${leg}: ${title}`,
    '',
    ...table(measured),
    ...promises(bars),
    ...notes.flatMap((note) => [note, '']),
    faults.length === 0
      ? 'Every run of ours and of the floors: each event is there once, nothing was refused.'
      : `Runs that do not count: ${faults.join('; ')}.`,
    ...(peerFaults.length === 0 ? [] : ['', `Peers: ${peerFaults.join('; ')}.`]),
    '',
  ]);
  return [
    `# Benchmark of ${startedAt}`,
    '',
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, load before the start ${machine.loadBefore}; Node ${machine.node}, Kafka ${machine.kafka}. Medians of ${repetitions} interleaved runs${isQuick ? ' (quick)' : ''}, [least–most].`,
    '',
    ...sections,
  ].join('\n');
}

function table(measured: readonly Measured[]): string[] {
  if (measured.length === 0) return [];
  const columns = FIGURE_NAMES.filter((name) => measured.some(({ figures }) => figures[name]));
  const row = ({ load, who, figures }: Measured) =>
    `| ${[load, who, ...columns.map((name) => (figures[name] ? range(figures[name]) : '–'))].join(' | ')} |`;
  return [
    `| ${['load', 'who', ...columns.map((name) => FIGURES[name])].join(' | ')} |`,
    `|${' --- |'.repeat(columns.length + 2)}`,
    ...measured.map(row),
    '',
  ];
}

function promises(bars: readonly Bar[]): string[] {
  if (bars.length === 0) return [];
  const row = ({ what, value, bar, holds }: Bar) =>
    `| ${what} | ${range(value)} | ${figure(bar)} | ${holds ? 'holds' : '**missed**'} |`;
  return ['| promise | measured | bar | |', '| --- | --- | --- | --- |', ...bars.map(row), ''];
}

function range({ median, least, most }: Spread): string {
  return `${figure(median)} [${figure(least)}–${figure(most)}]`;
}

function figure(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
