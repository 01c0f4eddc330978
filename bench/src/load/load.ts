import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface LoadOrder {
  readonly port: number;
  readonly connections: number;
  readonly eventsPerRequest: number;
  readonly measuredMs: number;
  /** Requests per second over all connections; as many as are answered where absent. */
  readonly rate?: number;
  /** The number of the first event's id; default 0. */
  readonly firstId?: number;
}

export interface LoadReport {
  /** Answered with 202 within the measured time. */
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Events of all requests that were answered with 202; their ids follow the first without a gap. */
  readonly acknowledged: number;
  /** Requests with any other answer, or none. */
  readonly refused: number;
}

/** Runs a load in a process of its own. @throws when that process ends without a report. */
export async function runLoad(order: LoadOrder): Promise<LoadReport> {
  const child = fork(join(import.meta.dirname, 'load-process.js'));
  child.send(order);
  const result = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [
    LoadReport | number | null,
  ];
  if (typeof result[0] !== 'object' || result[0] === null) throw new Error('the load generator ended early');
  return result[0];
}
