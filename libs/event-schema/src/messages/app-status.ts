import { INGRESS_NAMES, type IngressName, SINK_NAMES, type SinkName } from '../apps.ts';

/** The apps that report. */
export type ReportingApp = IngressName | SinkName;

export const REPORTING_APPS: readonly ReportingApp[] = [...INGRESS_NAMES, ...SINK_NAMES];

const TOTALS = ['accepted', 'rejected', 'written', 'duplicates', 'deadLettered'] as const;

/** Events since the process started, over all topics; what an app has nothing to do with is 0. */
export type AppTotals = Readonly<Record<(typeof TOTALS)[number], number>>;

/** What one process says of itself, on the topic `pipeline-status`. */
export interface AppStatus {
  readonly app: ReportingApp;
  /** New for every start. */
  readonly instance: string;
  /** ISO-8601 UTC, by the clock of the process. */
  readonly at: string;
  /** Parts that keep it from being ready. */
  readonly notReady: readonly string[];
  readonly totals: AppTotals;
  /**
   * Of collectors: events acknowledged of each topic, by the epoch second in which they were received; of the latest two
   * minutes.
   */
  readonly acceptedSeconds?: Readonly<Record<string, readonly SecondTotal[]>>;
}

export type SecondTotal = readonly [epochSecond: number, events: number];

const MAX_PARTS = 20;
const MAX_TEXT = 100;
const MAX_TOPICS = 50;
const MAX_SECONDS = 200;

/** The status in a record's value, or nothing when it is none: a reader must not die of what a stranger wrote. */
export function decodeStatus(value: Buffer | null): AppStatus | undefined {
  const parsed = parse(value);
  const { app, instance, at, notReady, totals, acceptedSeconds } = parsed;
  const name = REPORTING_APPS.find((known) => known === app);
  if (name === undefined || !isText(instance) || !isText(at) || !Array.isArray(notReady)) return undefined;
  const counts = TOTALS.map((total) => [total, (totals as Record<string, unknown> | undefined)?.[total]]);
  if (!counts.every(([, count]) => Number.isFinite(count))) return undefined;
  return {
    app: name,
    instance,
    at,
    notReady: notReady.filter(isText).slice(0, MAX_PARTS),
    totals: Object.fromEntries(counts) as AppTotals,
    ...(isTally(acceptedSeconds) && { acceptedSeconds }),
  };
}

function parse(value: Buffer | null): Record<string, unknown> {
  try {
    return (JSON.parse(value?.toString() ?? '') as Record<string, unknown> | null) ?? {};
  } catch {
    return {};
  }
}

function isTally(value: unknown): value is NonNullable<AppStatus['acceptedSeconds']> {
  if (typeof value !== 'object' || value === null) return false;
  const tallies = Object.values(value) as unknown[];
  return (
    tallies.length <= MAX_TOPICS &&
    tallies.every(
      (seconds) =>
        Array.isArray(seconds) &&
        seconds.length <= MAX_SECONDS &&
        seconds.every(
          (total: unknown) => Array.isArray(total) && total.length === 2 && total.every(Number.isFinite),
        ),
    )
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= MAX_TEXT;
}
