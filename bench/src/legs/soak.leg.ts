import { startStack } from '@pipeline/local-stack';
import { type Leg } from '../leg.ts';
import { spread } from '../measure/statistics.ts';
import { runCollector } from './collector-run.ts';
import { contestants } from './contestants.ts';

const FULL_MS = 300_000;
const QUICK_MS = 60_000;
/** The first part of a run fills caches and the memory of ids. */
const SETTLED_PART = 0.3;
const MOST_DEVIATION = 0.1;

/** The collector saturated for minutes: its memory stays where it is. */
export const soakLeg: Leg = {
  name: 'soak',
  title: 'the collector saturated for five minutes (quick: one), memory',
  async run({ isQuick, say }) {
    const stack = await startStack({ servers: ['kafka'] });
    try {
      const measuredMs = isQuick ? QUICK_MS : FULL_MS;
      say(`64 connections for ${measuredMs / 1_000} s`);
      const load = { connections: 64, eventsPerRequest: 1, warmUpMs: 5_000, measuredMs };
      const { rssMiB, report, fault } = await runCollector(stack, contestants(isQuick)[0]!, load);
      const settled = rssMiB.slice(Math.floor(rssMiB.length * SETTLED_PART));
      const { median, least, most } = spread(settled);
      say(`${Math.round(report.requestsPerSecond)} requests/s; RSS ${median.toFixed(0)} MiB`);
      const value = Math.max(most - median, median - least) / median;
      const what = `RSS around its median of ${median.toFixed(0)} MiB`;
      const bars = [{ what, value, bar: MOST_DEVIATION, holds: value <= MOST_DEVIATION }];
      return { leg: 'soak', measured: [], bars, faults: fault === undefined ? [] : [fault] };
    } finally {
      await stack.stop();
    }
  },
};
