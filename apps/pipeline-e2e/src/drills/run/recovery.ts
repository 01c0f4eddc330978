import { availableParallelism } from 'node:os';
import { type Cost } from './cost-watch.ts';

/** How a number of replicas caught up. */
export interface Recovery {
  readonly replicas: number;
  readonly records: number;
  readonly cost: Cost;
}

/** Above this the machine has nothing left to give: the kernel's own work and the clock are in the rest. */
const BUSY_SHARE = 0.85;

export const rateOf = ({ records, cost }: Recovery) => records / cost.seconds;

/** Whether the machine's own processors were what more replicas could not add to. */
export function machineWasTheLimit({ cost }: Recovery): boolean {
  return cost.machineShare >= BUSY_SHARE;
}

/** `es-sink ×3: 1,000,000 records in 41.0 s, 24,390/s; cores: sink 0.9, store 0.8, broker 0.1; machine 97 % of 2` */
export function recoveryLine(sink: string, recovery: Recovery): string {
  const { replicas, records, cost } = recovery;
  const cores = [...cost.cores].map(([name, value]) => `${name} ${value.toFixed(2)}`).join(', ');
  const rate = Math.round(rateOf(recovery)).toLocaleString('en-US');
  const machine = `machine ${Math.round(cost.machineShare * 100)} % of ${availableParallelism()}`;
  return `${sink} ×${replicas}: ${records.toLocaleString('en-US')} records in ${cost.seconds.toFixed(1)} s, ${rate}/s; cores: ${cores}; ${machine}`;
}
