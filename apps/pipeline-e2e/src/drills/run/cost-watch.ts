import { cpus } from 'node:os';
import { cpuSeconds } from '../../support/cpu-seconds.ts';

/** Processors in use, on average: 1 is one of them all the time. */
export interface Cost {
  readonly seconds: number;
  /** By what the processes are called. */
  readonly cores: ReadonlyMap<string, number>;
  /** Of all processors of the machine, whoever used them: 0 to 1. */
  readonly machineShare: number;
}

/** What groups of processes use between `start()` and `stop()`. Linux only. */
export class CostWatch {
  private constructor(
    private readonly pids: ReadonlyMap<string, readonly number[]>,
    private readonly startedAtMs: number,
    private readonly before: ReadonlyMap<string, number>,
    private readonly machineBefore: MachineTimes,
  ) {}

  static async start(pids: ReadonlyMap<string, readonly number[]>): Promise<CostWatch> {
    return new CostWatch(pids, performance.now(), await used(pids), machineTimes());
  }

  async stop(): Promise<Cost> {
    const seconds = (performance.now() - this.startedAtMs) / 1_000;
    const machine = machineTimes();
    const after = await used(this.pids);
    const cores = [...after].map(
      ([name, value]) => [name, (value - (this.before.get(name) ?? 0)) / seconds] as const,
    );
    return { seconds, cores: new Map(cores), machineShare: shareBetween(this.machineBefore, machine) };
  }
}

export interface MachineTimes {
  readonly busy: number;
  readonly all: number;
}

export function shareBetween(before: MachineTimes, after: MachineTimes): number {
  const all = after.all - before.all;
  return all === 0 ? 0 : (after.busy - before.busy) / all;
}

function machineTimes(): MachineTimes {
  const sums = cpus().map(({ times }) => times);
  const all = sums.reduce((sum, times) => sum + Object.values(times).reduce((a, b) => a + b, 0), 0);
  const idle = sums.reduce((sum, times) => sum + times.idle, 0);
  return { busy: all - idle, all };
}

async function used(pids: ReadonlyMap<string, readonly number[]>): Promise<Map<string, number>> {
  const groups = [...pids].map(async ([name, each]) => {
    const seconds = await Promise.all(each.map(cpuSeconds));
    return [name, seconds.reduce((sum, value) => sum + value, 0)] as const;
  });
  return new Map(await Promise.all(groups));
}
