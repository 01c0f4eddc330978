import { type BenchContext, type Leg } from './leg.ts';
import { type LegReport } from './report/report.ts';

/** Told what goes on. */
export interface Progress {
  /** A leg begins. */
  leg(leg: Leg): void;
  say(text: string): void;
}

/** Runs legs one after the other. One that fails takes nothing away from the others. */
export async function runLegs(
  legs: readonly Leg[],
  context: Omit<BenchContext, 'say'>,
  { progress, onLeg }: { readonly progress: Progress; readonly onLeg?: (leg: LegReport) => Promise<void> },
): Promise<LegReport[]> {
  const reports: LegReport[] = [];
  for (const leg of legs) {
    progress.leg(leg);
    const report = await runLeg(leg, { ...context, say: (text) => progress.say(text) });
    reports.push(report);
    await onLeg?.(report);
  }
  return reports;
}

async function runLeg(leg: Leg, context: BenchContext): Promise<LegReport> {
  const startedMs = performance.now();
  const seconds = () => Math.round((performance.now() - startedMs) / 1_000);
  const { name, title } = leg;
  try {
    const result = await leg.run(context);
    return { ...result, title, seconds: seconds() };
  } catch (error) {
    const text = (error as Error).stack ?? String(error);
    return { leg: name, title, seconds: seconds(), measured: [], bars: [], error: text };
  }
}
