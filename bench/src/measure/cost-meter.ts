import { type LocalStack } from '@pipeline/local-stack';
import { processCost } from './process-cost.ts';

/** Processes whose cost is told apart: the contestant's, the broker's, the store's. */
export interface Meters {
  readonly own: readonly number[];
  readonly broker: readonly number[];
  readonly store: readonly number[];
}

/** CPU seconds by who spent them. */
export type CpuSeconds = Readonly<Record<keyof Meters, number>>;

/** The processes of servers, by their names in the stack. */
export function serverPids(stack: LocalStack, names: readonly string[]): number[] {
  return names.map((name) => stack.server(name).pid!);
}

/** Begins to count. @returns what was spent since then. */
export function meter(meters: Meters): () => CpuSeconds {
  const spent = (pids: readonly number[]) => pids.reduce((sum, pid) => sum + processCost(pid).cpuSeconds, 0);
  const now = () => ({
    own: spent(meters.own),
    broker: spent(meters.broker),
    store: spent(meters.store),
  });
  const before = now();
  return () => {
    const after = now();
    return {
      own: after.own - before.own,
      broker: after.broker - before.broker,
      store: after.store - before.store,
    };
  };
}
