import { loadavg } from 'node:os';
import { TOPICS, SINK_NAMES } from '@pipeline/event-schema';
import { type LocalStack } from '@pipeline/testing';
import { type Bench } from '../bench/bench.ts';
import { type Drill } from '../drill.ts';
import { audited, type Counts, sumOf } from './audited.ts';
import { DrillContext } from './drill-context.ts';
import { held, type DrillResult } from './drill-result.ts';
import { keepLogs } from './keep-logs.ts';
import { ProgressWatch } from './progress-watch.ts';

export interface RunOptions {
  readonly seed: number;
  readonly isBrief: boolean;
}

const NOTHING: Counts = { records: 0, lost: 0, double: 0, deadLetters: 0, failures: [] };

/** Runs one drill on a bench: empties it, starts the apps, breaks things, waits for lag 0, audits. Never rejects. */
export async function runDrill(
  bench: Bench,
  drill: Drill,
  { seed, isBrief }: RunOptions,
): Promise<DrillResult> {
  const startedAt = new Date();
  const failures: string[] = [];
  const attempt = async <T>(step: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await step();
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
      return otherwise;
    }
  };
  const outcome = await attempt(
    async () => {
      const stack = await bench.prepare(drill.topics);
      const context = new DrillContext({ stack, seed, isBrief });
      const longestPauseMs = await attempt(() => drilled(drill, context), {});
      await context.endLoads();
      const acknowledged = context.loads.flatMap((load) => load.acknowledged);
      const views = context.viewLoads.flatMap((load) => load.acknowledged);
      const ofViews =
        context.viewLoads.length > 0
          ? await attempt(() => audited(stack, views, TOPICS.pageView.name), NOTHING)
          : NOTHING;
      const counts = sumOf(await attempt(() => audited(stack, acknowledged), NOTHING), ofViews);
      const crashed = bench.crashed.filter((name) => !context.mayEnd.has(name));
      failures.push(...counts.failures, ...crashed.map((name) => `${name} ended by itself`));
      if (failures.length > 0) failures.push(...lastWords(stack));
      await context.close();
      await attempt(() => keepLogs(stack.apps, drill.name), undefined);
      return {
        ...counts,
        acknowledged: acknowledged.length + views.length,
        longestPauseMs,
        notes: context.notes,
      };
    },
    { ...NOTHING, acknowledged: 0, longestPauseMs: {}, notes: [] },
  );
  const result = {
    ...outcome,
    name: drill.name,
    title: drill.title,
    seed,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    loadAverage: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    failures,
  };
  if (!held(result)) await bench.discard();
  return result;
}

/** @returns the longest pause of each sink's group. */
async function drilled(drill: Drill, context: DrillContext): Promise<Record<string, number>> {
  const { settings = {}, apps = SINK_NAMES } = drill;
  context.addSettings(typeof settings === 'function' ? await settings(context) : settings);
  await Promise.all(apps.map((app) => context.start(app)));
  const watch = new ProgressWatch(SINK_NAMES, (group) => context.positions(group));
  try {
    await drill.run(context);
    await context.endLoads();
    await context.caughtUp();
  } finally {
    await watch.stop();
  }
  return watch.stop();
}

const LAST_LINES = 12;

/** What the apps logged last at warning level or above. */
function lastWords({ apps }: LocalStack): string[] {
  return apps.flatMap(({ name, output }) =>
    output
      .filter((line) => /"level":"(warn|error|fatal)"/.test(line) || !line.startsWith('{'))
      .slice(-LAST_LINES)
      .map((line) => `${name}: ${line.slice(0, 400)}`),
  );
}
