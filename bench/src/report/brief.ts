import { type Kind } from '../contestant.ts';
import { type Bar, type Measured } from '../leg.ts';
import { PARTS, SHOWN } from './charts/leg-charts.ts';
import { figure } from './figure.ts';
import { FIGURES } from './figures.ts';
import { type LegReport } from './report.ts';

/** One number for each part of the pipeline: its first load, ours beside the best floor and the best peer. */
export function headlines(legs: readonly LegReport[]): string {
  return legs.flatMap((leg) => headlineOf(leg)).join('\n');
}

function headlineOf(leg: LegReport): string[] {
  const part = PARTS[leg.leg];
  const [load] = contestedLoads(leg);
  const ours = load === undefined ? undefined : best(leg, load, 'ours');
  if (part === undefined || load === undefined || ours === undefined) return [];
  const beside = (['floor', 'peer'] as const).flatMap((kind) => {
    const row = best(leg, load, kind);
    return row === undefined ? [] : [`best ${kind} ${rateOf(row)}`];
  });
  return [
    `- [${part}](docs/performance.md#${anchorOf(part)}), ${load}: **${rateOf(ours)} events/s** (${beside.join(', ')})`,
  ];
}

/** What one page has room for of a leg: medians, how many promises hold, what the best peers promise. */
export function briefOf(leg: LegReport): string[] {
  return [...contest(leg), ...percentiles(leg), ...promises(leg.bars), ...promisesOfPeers(leg)];
}

function contest(leg: LegReport): string[] {
  const loads = contestedLoads(leg);
  if (loads.length === 0) return [];
  const cell = (load: string, kind: Kind) => {
    const row = best(leg, load, kind);
    if (row === undefined) return '–';
    return kind === 'ours' ? rateOf(row) : `${rateOf(row)} ${row.who}`;
  };
  return [
    '| events/s | ours | best floor | best peer |',
    '| --- | --- | --- | --- |',
    ...loads.map(
      (load) =>
        `| ${[load, ...(['ours', 'floor', 'peer'] as const).map((kind) => cell(load, kind))].join(' | ')} |`,
    ),
    '',
  ];
}

/** A leg of steady rates: a line for each rate, a column for each place that an event reaches. */
function percentiles({ leg, measured }: LegReport): string[] {
  if (SHOWN[leg] !== 'p99Ms') return [];
  const distinct = (values: readonly string[]) => [...new Set(values)];
  const places = distinct(measured.map(({ who }) => who));
  const cell = (load: string, place: string) => {
    const value = measured.find((row) => row.load === load && row.who === place)?.figures.p99Ms;
    return value === undefined ? '–' : figure(value.median);
  };
  return [
    `| ${[FIGURES.p99Ms, ...places].join(' | ')} |`,
    `|${' --- |'.repeat(places.length + 1)}`,
    ...distinct(measured.map(({ load }) => load)).map(
      (load) => `| ${[load, ...places.map((place) => cell(load, place))].join(' | ')} |`,
    ),
    '',
  ];
}

function promises(bars: readonly Bar[]): string[] {
  if (bars.length === 0) return [];
  const missed = bars.filter(({ holds }) => !holds);
  const held = `Promises that hold: ${bars.length - missed.length} of ${bars.length}.`;
  const named = missed.map(({ what, value, bar }) => `${what}: ${figure(value.median)}, bar ${figure(bar)}`);
  return [missed.length === 0 ? held : `${held} **Missed**: ${named.join('; ')}.`, ''];
}

/** A peer's figure means nothing without what its acknowledgement says. */
function promisesOfPeers(leg: LegReport): string[] {
  const shown = new Set(contestedLoads(leg).map((load) => best(leg, load, 'peer')?.who));
  const peers = (leg.contestants ?? []).filter(({ name }) => shown.has(name));
  const faults = leg.peerFaults?.length ?? 0;
  return [
    ...peers.map(
      ({ name, version, guarantee }) =>
        `- ${name}${version === undefined ? '' : ` ${version}`}: ${guarantee}.`,
    ),
    ...(faults === 0
      ? []
      : [`- Runs of peers that lost or doubled events, or did not start, and do not count: ${faults}.`]),
  ];
}

/** Loads at which ours has floors or peers beside it. */
function contestedLoads({ leg, measured }: LegReport): string[] {
  if (PARTS[leg] === undefined) return [];
  const loads = [...new Set(measured.map(({ load }) => load))];
  return loads.filter((load) => measured.filter((row) => row.load === load).length > 1);
}

function best({ measured }: LegReport, load: string, kind: Kind): Measured | undefined {
  const rate = ({ figures }: Measured) => figures.eventsPerSecond?.median ?? 0;
  return measured
    .filter((row) => row.load === load && row.kind === kind)
    .sort((a, b) => rate(b) - rate(a))[0];
}

function rateOf({ figures: { eventsPerSecond } }: Measured): string {
  return eventsPerSecond === undefined ? '–' : figure(eventsPerSecond.median);
}

/** As GitHub makes it of a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w -]/g, '')
    .replaceAll(' ', '-');
}
