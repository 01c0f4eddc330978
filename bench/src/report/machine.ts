import { cpus, loadavg, totalmem } from 'node:os';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
  readonly kafka: string;
  /** Of the last minute; what else runs makes figures smaller and ratios rougher. */
  readonly loadBefore: string;
}

export function machine(kafka: string): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    kafka,
    loadBefore: loadavg()[0]!.toFixed(1),
  };
}
