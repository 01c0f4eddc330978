import { type Bar, type Measured } from '../leg.ts';
import { figure, range } from './figure.ts';
import { FIGURE_NAMES, FIGURES } from './figures.ts';
import { type LegReport, type Report } from './report.ts';

/** The report for people: medians, [least–most], and whether each promise holds. */
export function markdown({ startedAt, size, repetitions, machine, legs }: Report): string {
  const { cpu, cores, memoryGiB, node, servers, commit, loadBefore } = machine;
  return [
    `# Benchmark of ${startedAt}`,
    '',
    `${cpu}, ${cores} cores, ${memoryGiB} GiB, load before the start ${loadBefore}; Node ${node}, ${servers}; commit ${commit}.`,
    `Medians of ${repetitions} interleaved runs (${size}), [least–most].`,
    '',
    ...legs.flatMap(legSection),
  ].join('\n');
}

/** One leg: its table, its promises, what was wrong. */
export function legSection(leg: LegReport): string[] {
  const { contestants = [], measured, bars, notes = [], error } = leg;
  return [
    `## ${leg.leg}`,
    '',
    `${leg.title}.`,
    '',
    ...table(measured),
    ...promises(bars),
    ...guarantees(contestants),
    ...notes.flatMap((note) => [note, '']),
    ...(error === undefined ? soundness(leg) : ['It came to no result:', '', '```', error, '```']),
    '',
  ];
}

function soundness({ faults, peerFaults = [] }: LegReport): string[] {
  if (faults === undefined) return [];
  const own =
    faults.length === 0
      ? 'Every run of ours and of the floors: each event is there once, nothing was refused.'
      : `Runs that do not count: ${faults.join('; ')}.`;
  return peerFaults.length === 0 ? [own] : [own, '', `Peers: ${peerFaults.join('; ')}.`];
}

function guarantees(contestants: NonNullable<LegReport['contestants']>): string[] {
  if (contestants.length === 0) return [];
  const row = ({ name, version, guarantee }: (typeof contestants)[number]) =>
    `| ${name}${version === undefined ? '' : ` ${version}`} | ${guarantee} |`;
  return ['| who | what it promises |', '| --- | --- |', ...contestants.map(row), ''];
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
