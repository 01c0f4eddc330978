import { type Bar, type Measured } from '../../leg.ts';
import { atLeast } from '../../measure/bars.ts';
import { spread } from '../../measure/statistics.ts';
import { type SinkContestant } from './sink-contestant.ts';
import { type SinkResults } from './sink-rounds.ts';
import { type SinkRun } from './sink-run.ts';

/** A line for each contestant that has a run that counts. */
export function measuredSinks(load: string, results: SinkResults): Measured[] {
  return results.contestants.map((contestant) => {
    const of = (figure: (run: SinkRun) => number) => results.spread(contestant, figure);
    const peaks = results.counted(contestant).flatMap(({ peakRssMiB }) => peakRssMiB ?? []);
    const figures = {
      eventsPerSecond: of(rate),
      cpuSecondsPerMillion: of(({ cpuSeconds }) => cpuSeconds.own),
      brokerCpuSecondsPerMillion: of(({ cpuSeconds }) => cpuSeconds.broker),
      storeCpuSecondsPerMillion: of(({ cpuSeconds }) => cpuSeconds.store),
      ...(peaks.length > 0 ? { peakRssMiB: spread(peaks) } : {}),
    };
    return { load, who: contestant.name, kind: contestant.kind, figures };
  });
}

/** What is promised of our rate, as a share of others' in the same round. */
export interface ShareBars {
  readonly floor: { readonly name: string; readonly share: number };
  readonly bestPeer: number;
}

export function shareBars(results: SinkResults, { floor, bestPeer }: ShareBars): Bar[] {
  const { contestants } = results;
  const ours = contestants.find(({ kind }) => kind === 'ours');
  const beside = contestants.find(({ name }) => name === floor.name);
  const peers = contestants.filter(({ kind }) => kind === 'peer');
  const peer = results.best(peers, rate);
  const bar = (what: string, other: SinkContestant | undefined, share: number): Bar[] => {
    const ratios = ours && other ? results.ratios(ours, other, rate) : [];
    return ratios.length === 0 ? [] : [atLeast(what, ratios, share)];
  };
  return [
    ...bar(`share of the floor (${floor.name})`, beside, floor.share),
    ...bar(`times the best peer (${peer?.name})`, peer, bestPeer),
  ];
}

const rate = ({ eventsPerSecond }: SinkRun) => eventsPerSecond;
