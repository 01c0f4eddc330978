import { type LegResult, type Measured } from '../leg.ts';
import { type Spread } from '../measure/statistics.ts';
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
  const sections = legs.flatMap(({ leg, title, measured, bars, faults, notes = [] }) => [
    `## ${leg}: ${title}`,
    '',
    '| load | who | events/s | p50 ms | p99 ms | CPU s / 1,000,000 | broker CPU s / 1,000,000 | peak RSS MiB |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...measured.map(row),
    '',
    '| promise | measured | bar | |',
    '| --- | --- | --- | --- |',
    ...bars.map(
      ({ what, value, bar, holds }) =>
        `| ${what} | ${range(value)} | ${figure(bar)} | ${holds ? 'holds' : '**missed**'} |`,
    ),
    '',
    ...notes,
    ...(notes.length > 0 ? [''] : []),
    faults.length === 0
      ? 'Every run: Kafka holds each acknowledged event once, nothing was refused.'
      : `Runs that do not count: ${faults.join('; ')}.`,
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

function row(measured: Measured): string {
  const figures = [
    measured.eventsPerSecond,
    measured.p50Ms,
    measured.p99Ms,
    measured.cpuSecondsPerMillion,
    measured.brokerCpuSecondsPerMillion,
    measured.peakRssMiB,
  ];
  return `| ${[measured.load, measured.who, ...figures.map(range)].join(' | ')} |`;
}

function range({ median, least, most }: Spread): string {
  return `${figure(median)} [${figure(least)}–${figure(most)}]`;
}

function figure(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
