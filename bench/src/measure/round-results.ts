import { type Contestant } from '../contestant.ts';
import { spread, type Spread } from './statistics.ts';

/** Of each contestant its runs, in the order of the rounds; nothing where a run does not count. */
export class RoundResults<C extends Contestant, Run> {
  /** Of ours and of floors: runs that lost or doubled something, or did not come to an end. */
  readonly faults: string[] = [];
  readonly peerFaults: string[] = [];
  private readonly runs = new Map<C, (Run | undefined)[]>();

  /** Those of whom at least one run counts, in the order in which they were added. */
  get contestants(): C[] {
    return [...this.runs.keys()].filter((contestant) => this.counted(contestant).length > 0);
  }

  /** The next round's run of a contestant. */
  add(contestant: C, run: Run | undefined): void {
    this.runs.set(contestant, [...(this.runs.get(contestant) ?? []), run]);
  }

  fault({ kind, name }: C, what: string): void {
    (kind === 'peer' ? this.peerFaults : this.faults).push(`${name}, ${what}`);
  }

  /** Its runs that count. */
  counted(contestant: C): Run[] {
    return (this.runs.get(contestant) ?? []).filter((run) => run !== undefined);
  }

  /** Over its runs that count; there must be one. */
  spread(contestant: C, figure: (run: Run) => number): Spread {
    return spread(this.counted(contestant).map(figure));
  }

  /** Whose median is highest. */
  best(among: readonly C[], figure: (run: Run) => number): C | undefined {
    const medians = among.map((contestant) => [contestant, this.spread(contestant, figure).median] as const);
    return medians.sort(([, a], [, b]) => b - a)[0]?.[0];
  }

  /** Round by round, so that what disturbs both cancels out; rounds in which both count. */
  ratios(ours: C, other: C, figure: (run: Run) => number): number[] {
    const beside = this.runs.get(other) ?? [];
    return (this.runs.get(ours) ?? []).flatMap((run, round) => {
      const neighbour = beside[round];
      return run === undefined || neighbour === undefined ? [] : [figure(run) / figure(neighbour)];
    });
  }
}
