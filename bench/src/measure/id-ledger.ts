import { eventNumber } from '../load/event-id.ts';

/** Ids of one run lie in a range of this many. */
const RUN_IDS = 2 ** 28;

/** What a run's load was told: every id from its first one on was acknowledged, so many of them. */
export interface LedgerRun {
  readonly name: string;
  readonly firstId: number;
  acknowledged: number;
  refused: number;
}

interface Found {
  readonly seen: Uint8Array;
  records: number;
  distinct: number;
}

/** Which events were acknowledged in which run, and which of them Kafka holds how often. */
export class IdLedger {
  private readonly runs: LedgerRun[] = [];

  /** A range of ids for one run; it is to be told later what was acknowledged. */
  open(name: string): LedgerRun {
    const run = { name, firstId: this.runs.length * RUN_IDS, acknowledged: 0, refused: 0 };
    this.runs.push(run);
    return run;
  }

  /** Of all runs. */
  get acknowledged(): number {
    return this.runs.reduce((sum, { acknowledged }) => sum + acknowledged, 0);
  }

  /** @returns by run what was lost, doubled or refused; empty where each acknowledged event is there exactly once. */
  async faults(
    readValues: (each: (value: string) => void) => Promise<void>,
  ): Promise<Map<LedgerRun, string>> {
    const found = this.runs.map(({ acknowledged }) => ({
      seen: new Uint8Array(acknowledged),
      records: 0,
      distinct: 0,
    }));
    await readValues((value) => {
      const id = eventNumber(value);
      const own = found[Math.floor(id / RUN_IDS)];
      if (own) count(own, id % RUN_IDS);
    });
    const faults = new Map<LedgerRun, string>();
    for (const [index, run] of this.runs.entries()) {
      const { records, distinct } = found[index]!;
      const { acknowledged, refused } = run;
      if (refused === 0 && records === acknowledged && distinct === acknowledged) continue;
      faults.set(
        run,
        `${acknowledged} acknowledged, ${refused} refused, ${records} found, ${distinct} different`,
      );
    }
    return faults;
  }
}

function count(found: Found, number: number): void {
  found.records += 1;
  if (found.seen[number] !== 0) return;
  found.seen[number] = 1;
  found.distinct += 1;
}
