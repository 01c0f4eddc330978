import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type BatchSender } from '@pipeline/kafka-transport';
import { type LoaderOrder } from '../../floors/loader.ts';
import { type EventSupply } from '../../load/event-supply.ts';
import { comeToRest } from '../../measure/come-to-rest.ts';
import { type CpuSeconds, meter, serverPids } from '../../measure/cost-meter.ts';
import { processCost } from '../../measure/process-cost.ts';
import { type SinkStore } from './sink-store.ts';
import {
  type ConsumingContestant,
  type LoadingContestant,
  type RunningConsumer,
  type SinkPlace,
} from './sink-contestant.ts';

export interface SinkRun {
  readonly eventsPerSecond: number;
  /** Per 1,000,000 events. */
  readonly cpuSeconds: CpuSeconds;
  /** Of a loader nothing: it holds everything before it begins. */
  readonly peakRssMiB: number | undefined;
}

/** What every run of a leg has in common. */
export interface SinkRunPlan {
  readonly place: SinkPlace;
  readonly store: SinkStore;
  readonly warmUp: { readonly events: EventSupply; readonly count: number };
  readonly measured: { readonly events: EventSupply; readonly count: number };
  readonly sender: BatchSender;
}

/** A look costs the broker a millisecond or two, so most of the way is left to the contestant. */
const LOOK_EVERY_MS = 250;
const LOOK_CLOSELY_EVERY_MS = 50;
const CLOSE_SHARE = 0.8;
const LONGEST_MS = 180_000;
const MILLION = 1_000_000;
/** The rate is taken up to here: the last events may wait for a file to come of age. All of them are waited for and checked. */
const RATED_SHARE = 0.9;

/**
 * A contestant that reads the topic. It is warmed up with events of the same kind; then it is stopped where it is, all
 * events are put into the topic, and the clock starts when the servers are at rest and it may go on: so neither its
 * start nor the producer counts.
 * @throws when it does not come to an end.
 */
export async function consume(contestant: ConsumingContestant, plan: SinkRunPlan): Promise<SinkRun> {
  const { warmUp, measured, sender, store } = plan;
  const { stack } = plan.place;
  const running = await contestant.start(plan.place);
  try {
    await warmUp.events.produce(sender);
    await reached(running, warmUp.count);
    running.signal('SIGSTOP');
    await measured.events.produce(sender);
    const servers = { broker: serverPids(stack, ['kafka']), store: serverPids(stack, store.servers) };
    await comeToRest([...servers.broker, ...servers.store]);
    const spent = meter({ own: running.pids, ...servers });
    const startedMs = performance.now();
    running.signal('SIGCONT');
    const rated = await reached(running, warmUp.count + RATED_SHARE * measured.count);
    const eventsPerSecond = (rated - warmUp.count) / ((performance.now() - startedMs) / 1_000);
    await reached(running, warmUp.count + measured.count);
    const cpuSeconds = perMillion(spent(), measured.count);
    const peakRssMiB = running.pids.reduce((sum, pid) => sum + processCost(pid).peakRssMiB, 0);
    return { eventsPerSecond, cpuSeconds, peakRssMiB };
  } finally {
    await running.stop();
  }
}

/** A contestant that has its events with it. It loads as many as the others store, warm-up included. */
export async function load({ name, loader }: LoadingContestant, plan: SinkRunPlan): Promise<SinkRun> {
  const { place, warmUp, measured, store } = plan;
  const { stack, topic } = place;
  const count = warmUp.count + measured.count;
  const child = fork(join(import.meta.dirname, '../../floors', loader), [
    JSON.stringify({ ...store.target(place), topic, count } satisfies LoaderOrder),
  ]);
  const said = async (): Promise<unknown> => {
    const [message] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as unknown[];
    if (typeof message === 'number' || message === null) throw new Error(`${name} ended early`);
    return message;
  };
  try {
    await said();
    const servers = { broker: serverPids(stack, ['kafka']), store: serverPids(stack, store.servers) };
    await comeToRest([...servers.broker, ...servers.store]);
    const spent = meter({ own: [child.pid!], ...servers });
    child.send('go');
    const { seconds } = (await said()) as { seconds: number };
    const cpuSeconds = perMillion(spent(), count);
    return { eventsPerSecond: count / seconds, cpuSeconds, peakRssMiB: undefined };
  } finally {
    if (child.connected) child.send('end');
    if (child.exitCode === null) await once(child, 'exit');
  }
}

/** Waits until so many are stored. @returns how many were, which may be more. */
async function reached(running: RunningConsumer, count: number): Promise<number> {
  const deadline = performance.now() + LONGEST_MS;
  for (;;) {
    const stored = await running.stored();
    if (stored >= count) return stored;
    if (performance.now() > deadline) throw new Error(`stored ${stored} of ${count} events`);
    await wait(stored < CLOSE_SHARE * count ? LOOK_EVERY_MS : LOOK_CLOSELY_EVERY_MS);
  }
}

function perMillion({ own, broker, store }: CpuSeconds, count: number): CpuSeconds {
  const each = MILLION / count;
  return { own: own * each, broker: broker * each, store: store * each };
}
