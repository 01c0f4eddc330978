import { fork } from 'node:child_process';
import { join } from 'node:path';

export interface LoadOrder {
  /** Of the processes that share the load, on loopback; each connection belongs to one of them. */
  readonly ports: readonly number[];
  readonly path: string;
  /** The status that says that the events are taken. */
  readonly accepted: number;
  readonly connections: number;
  readonly eventsPerRequest: number;
  /** Load before the measured time, which counts as acknowledged and is not measured; default 0. */
  readonly leadInMs?: number;
  readonly measuredMs: number;
  /** Requests per second over all connections; as many as are answered where absent. */
  readonly rate?: number;
  /** The number of the first event's id; default 0. */
  readonly firstId?: number;
  /** One event of so many is reported when it is sent; default none. */
  readonly watchOneOf?: number;
}

/** An event on its way. */
export interface SentEvent {
  readonly number: number;
  /** Since the epoch. */
  readonly atMs: number;
}

export interface LoadReport {
  /** Sent, and answered with the accepted status, within the measured time. */
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** Events of all requests that were accepted; their ids follow the first without a gap. */
  readonly acknowledged: number;
  /** Requests with any other answer, or none. */
  readonly refused: number;
}

/** What the generator's process says. */
export type LoadMessage = { readonly report: LoadReport } | { readonly sent: SentEvent };

/** Runs a load in a process of its own. @throws when that process ends without a report. */
export async function runLoad(
  order: LoadOrder,
  onSent: (event: SentEvent) => void = () => undefined,
): Promise<LoadReport> {
  const child = fork(join(import.meta.dirname, 'load-process.js'));
  child.send(order);
  return new Promise((resolve, reject) => {
    child.on('message', (message: LoadMessage) => {
      if ('report' in message) resolve(message.report);
      else onSent(message.sent);
    });
    child.once('exit', () => reject(new Error('the load generator ended early')));
  });
}
