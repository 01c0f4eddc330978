import { createTopics, type LocalStack, startStack } from '@pipeline/local-stack';
import { type BenchContext, type Leg, type LegResult } from '../leg.ts';
import { atMost } from '../measure/bars.ts';
import { processCost } from '../measure/process-cost.ts';
import { spread } from '../measure/statistics.ts';
import { LatencyRuns } from './latency/latency-run.ts';

/** A window holds several rounds of the audit, one every ten seconds; the first four compile what they run, so no window begins before. */
const PLANS = {
  full: { warmUpMs: 40_000, windowMs: 60_000 },
  quick: { warmUpMs: 40_000, windowMs: 30_000 },
  check: { warmUpMs: 10_000, windowMs: 10_000 },
} as const;
const RATE = 1_000;
const MOST_CPU_PERCENT = 1;

/** What the continuous audit costs while it proves a steady stream in both stores. */
export const auditLeg: Leg = {
  name: 'audit',
  title: 'the continuous audit beside 1,000 events/s',
  budgetSeconds: { full: 270, quick: 120, check: 60 },
  async run(context) {
    const stack = await startStack();
    try {
      return await measure(stack, context);
    } finally {
      await stack.stop();
    }
  },
};

async function measure(stack: LocalStack, { size, repetitions, say }: BenchContext): Promise<LegResult> {
  const { warmUpMs, windowMs } = PLANS[size];
  await createTopics(stack.kafkaBrokers);
  const apps = ['collector-api', 'hdfs-sink', 'es-sink', 'audit'] as const;
  await Promise.all(apps.map((app) => stack.startApp(app, { LOG_LEVEL: 'warn' })));
  const runs = new LatencyRuns(stack);
  say('warm-up');
  await runs.warmUp(RATE, warmUpMs);
  const audit = stack.app('audit');
  const cpuPercents: number[] = [];
  const rssMiBs: number[] = [];
  for (let window = 1; window <= repetitions; window++) {
    say(`window ${window} of ${repetitions}`);
    const before = processCost(audit.pid!);
    const startedAt = performance.now();
    await runs.warmUp(RATE, windowMs);
    const after = processCost(audit.pid!);
    const seconds = (performance.now() - startedAt) / 1_000;
    cpuPercents.push(((after.cpuSeconds - before.cpuSeconds) / seconds) * 100);
    rssMiBs.push(after.rssMiB);
  }
  say('looking for every event in both stores');
  const { faults } = await runs.finish();
  const figures = { cpuPercent: spread(cpuPercents), rssMiB: spread(rssMiBs) };
  return {
    leg: 'audit',
    measured: [{ load: '1,000 events/s', who: 'the continuous audit', kind: 'ours', figures }],
    bars: [
      atMost('the continuous audit at 1,000 events/s: CPU in % of a core', cpuPercents, MOST_CPU_PERCENT),
    ],
    faults: [...faults, ...(await auditFaults(audit.url))],
  };
}

/** What the audit itself says that is wrong: it must have proved something, and found nothing broken. */
async function auditFaults(url: string): Promise<string[]> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const sum = (name: string) =>
    metrics
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`))
      .reduce((total, line) => total + Number(line.split(' ').at(-1)), 0);
  const broken = sum('audit_broken_records');
  return [
    ...(sum('audit_proved_offset') > 0 ? [] : ['the audit has proved nothing']),
    ...(broken === 0 ? [] : [`the audit says that ${broken} records are broken`]),
  ];
}
