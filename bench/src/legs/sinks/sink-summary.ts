import { type Bar, type Measured } from '../../leg.ts';
import { atLeast } from '../../measure/bars.ts';
import { spread } from '../../measure/statistics.ts';
import { type SinkContestant } from './sink-contestant.ts';
import { type SinkResults } from './sink-rounds.ts';
import { type SinkRun } from './sink-run.ts';

/** A line for each contestant that has a run that counts. */
export function measuredSinks(load: string, { runs }: SinkResults): Measured[] {
  return [...runs].flatMap(([{ name, kind }, all]) => {
    const own = all.filter((run) => run !== undefined);
    if (own.length === 0) return [];
    const of = (figure: (run: SinkRun) => number) => spread(own.map(figure));
    const peaks = own.flatMap(({ peakRssMiB }) => peakRssMiB ?? []);
    const figures = {
      eventsPerSecond: of(({ eventsPerSecond }) => eventsPerSecond),
      cpuSecondsPerMillion: of(({ cpuSeconds }) => cpuSeconds.own),
      brokerCpuSecondsPerMillion: of(({ cpuSeconds }) => cpuSeconds.broker),
      storeCpuSecondsPerMillion: of(({ cpuSeconds }) => cpuSeconds.store),
      ...(peaks.length > 0 ? { peakRssMiB: spread(peaks) } : {}),
    };
    return [{ load, who: name, kind, figures }];
  });
}

/** What is promised of our rate, as a share of others' in the same round. */
export interface ShareBars {
  readonly floor: { readonly name: string; readonly share: number };
  readonly bestPeer: number;
}

export function shareBars(results: SinkResults, { floor, bestPeer }: ShareBars): Bar[] {
  const all = [...results.runs];
  const ours = all.find(([{ kind }]) => kind === 'ours');
  const beside = all.find(([{ name }]) => name === floor.name);
  const peer = all.filter(([{ kind }]) => kind === 'peer').sort(byRate)[0];
  const bar = (what: string, other: Entry | undefined, share: number): Bar[] => {
    const ratios = ours && other ? ratesOver(ours, other) : [];
    return ratios.length === 0 ? [] : [atLeast(what, ratios, share)];
  };
  return [
    ...bar(`share of the floor (${floor.name})`, beside, floor.share),
    ...bar(`times the best peer (${peer?.[0].name})`, peer, bestPeer),
  ];
}

type Entry = readonly [SinkContestant, readonly (SinkRun | undefined)[]];

/** Round by round, so that what disturbs both cancels out; rounds in which both count. */
function ratesOver([, ours]: Entry, [, other]: Entry): number[] {
  return ours.flatMap((run, round) => {
    const beside = other[round];
    return run && beside ? [run.eventsPerSecond / beside.eventsPerSecond] : [];
  });
}

function byRate(a: Entry, b: Entry): number {
  return rateOf(b) - rateOf(a);
}

function rateOf([, runs]: Entry): number {
  const rates = runs.flatMap((run) => run?.eventsPerSecond ?? []);
  return rates.length === 0 ? 0 : spread(rates).median;
}
