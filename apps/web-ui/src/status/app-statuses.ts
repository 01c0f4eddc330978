import { type AppStatus, CORE_APPS, REPORTING_APPS, type ReportingApp } from '@pipeline/event-schema';
import { type AppHealth } from '../protocol/health-report.ts';
import { RateWindow } from './rate-window.ts';
import { type ReceivedWindow } from './received-counts.ts';

interface Instance {
  readonly app: ReportingApp;
  readonly accepted: RateWindow;
  notReady: readonly string[];
  acceptedSeconds: NonNullable<AppStatus['acceptedSeconds']>;
  heardAtMs: number;
}

/** Three reports missed, and a little. */
const SILENT_AFTER_MS = 16_000;
/** Until what it received is older than what is asked for. */
const FORGOTTEN_AFTER_MS = 120_000;
const MAX_INSTANCES = 200;

/** What the apps said of themselves lately; a bounded number of processes. */
export class AppStatuses {
  private readonly instances = new Map<string, Instance>();

  hear({ app, instance, notReady, totals, acceptedSeconds = {} }: AppStatus, nowMs: number): void {
    const key = `${app} ${instance}`;
    let known = this.instances.get(key);
    if (!known) {
      this.forget(nowMs);
      if (this.instances.size >= MAX_INSTANCES) return;
      known = { app, accepted: new RateWindow(), notReady, heardAtMs: nowMs, acceptedSeconds: {} };
      this.instances.set(key, known);
    }
    Object.assign(known, { notReady, heardAtMs: nowMs, acceptedSeconds });
    known.accepted.add(totals.accepted, nowMs);
  }

  /** Of all apps of the core, and of those of a layer once they are heard. */
  health(nowMs: number): AppHealth[] {
    const heard = new Set([...this.instances.values()].map(({ app }) => app));
    return REPORTING_APPS.filter((app) => CORE_APPS.some((core) => core === app) || heard.has(app)).map(
      (app) => {
        const alive = this.alive(app, nowMs);
        const notReady = [...new Set(alive.flatMap((instance) => instance.notReady))];
        const state = alive.length === 0 ? 'silent' : notReady.length > 0 ? 'not-ready' : 'ready';
        return { app, state, instances: alive.length, notReady };
      },
    );
  }

  /** Over all collectors that are heard; nothing while none of them can tell. */
  acceptedPerSecond(nowMs: number): number | null {
    const rates = this.alive('collector-api', nowMs).flatMap(({ accepted }) => accepted.perMinute() ?? []);
    return rates.length === 0 ? null : rates.reduce((sum, rate) => sum + rate, 0) / 60;
  }

  /** Events of the topics that collectors received in the window and acknowledged; nothing while none is heard. */
  acceptedIn({ from, to }: ReceivedWindow, topics: readonly string[], nowMs: number): number | null {
    if (this.alive('collector-api', nowMs).length === 0) return null;
    // Those of a collector that was stopped meanwhile count, too.
    const tallies = [...this.instances.values()].flatMap(({ acceptedSeconds }) =>
      topics.flatMap((topic) => acceptedSeconds[topic] ?? []),
    );
    return tallies
      .filter(([second]) => second >= from && second < to)
      .reduce((sum, [, events]) => sum + events, 0);
  }

  private alive(app: ReportingApp, nowMs: number): Instance[] {
    const all = [...this.instances.values()];
    return all.filter((instance) => instance.app === app && nowMs - instance.heardAtMs < SILENT_AFTER_MS);
  }

  private forget(nowMs: number): void {
    for (const [key, { heardAtMs }] of this.instances)
      if (nowMs - heardAtMs > FORGOTTEN_AFTER_MS) this.instances.delete(key);
  }
}
