import { type LegReport, type Report } from './report.ts';

/** A leg with the run that it comes from. */
export interface NewestLeg {
  readonly leg: LegReport;
  readonly run: Omit<Report, 'legs'>;
}

/** Of each leg the newest whole result, in the given order of legs. Quick runs and legs that came to nothing do not count. */
export function newestLegs(reports: readonly Report[], names: readonly string[]): NewestLeg[] {
  const newestFirst = [...reports].sort((a, b) => b.startedAt.localeCompare(a.startedAt));
  const all = newestFirst
    .filter(({ size }) => size === 'full')
    .flatMap(({ legs, ...run }) => legs.map((leg) => ({ leg, run })))
    .filter(({ leg }) => leg.error === undefined && leg.measured.length + leg.bars.length > 0);
  return names.flatMap((name) => all.find(({ leg }) => leg.leg === name) ?? []);
}
