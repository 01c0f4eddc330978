import { describe, expect, it } from '@jest/globals';
import { type AppStatus } from '@pipeline/event-schema';
import { AppStatuses } from './app-statuses.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const TOTALS = { accepted: 0, rejected: 0, written: 0, duplicates: 0, deadLettered: 0 };

const status = (change: Partial<AppStatus> = {}): AppStatus => ({
  app: 'es-sink',
  instance: 'a',
  at: new Date(NOW).toISOString(),
  notReady: [],
  totals: TOTALS,
  ...change,
});
const stateOf = (statuses: AppStatuses, nowMs: number) =>
  Object.fromEntries(statuses.health(nowMs).map(({ app, state }) => [app, state]));

describe('what the apps say of themselves', () => {
  it('tells who is ready, who waits for what, and who is silent', () => {
    const statuses = new AppStatuses();
    statuses.hear(status(), NOW);
    statuses.hear(status({ app: 'hdfs-sink', notReady: ['hdfs'] }), NOW);
    expect(statuses.health(NOW)).toEqual([
      { app: 'collector-api', state: 'silent', instances: 0, notReady: [] },
      { app: 'hdfs-sink', state: 'not-ready', instances: 1, notReady: ['hdfs'] },
      { app: 'es-sink', state: 'ready', instances: 1, notReady: [] },
    ]);
  });

  it('tells of an app of a layer once it is heard', () => {
    const statuses = new AppStatuses();
    expect(stateOf(statuses, NOW)).not.toHaveProperty('device-gateway');
    statuses.hear(status({ app: 'device-gateway' }), NOW);
    expect(stateOf(statuses, NOW)['device-gateway']).toBe('ready');
  });

  it('turns silent sixteen seconds after its last word, three reports and a little', () => {
    const statuses = new AppStatuses();
    statuses.hear(status(), NOW);
    expect(stateOf(statuses, NOW + 15_999)['es-sink']).toBe('ready');
    expect(stateOf(statuses, NOW + 16_000)['es-sink']).toBe('silent');
  });

  it('adds up what the replicas did, and leaves out who is gone', () => {
    const statuses = new AppStatuses();
    for (const [instance, until] of [
      ['a', 30],
      ['b', 30],
      ['gone', 12],
    ] as const)
      for (let second = 0; second <= until; second += 3)
        statuses.hear(
          status({ instance, totals: { ...TOTALS, written: second * 10 } }),
          NOW + second * 1_000,
        );
    expect(statuses.perMinute('es-sink', 'written', NOW + 30_000)).toBe(1_200);
    expect(statuses.perMinute('collector-api', 'accepted', NOW)).toBeNull();
  });

  it('holds a bounded number of processes, and makes room when they are gone', () => {
    const statuses = new AppStatuses();
    for (let n = 0; n < 1_000; n++) statuses.hear(status({ instance: String(n) }), NOW);
    expect(statuses.health(NOW).find(({ app }) => app === 'es-sink')?.instances).toBe(200);
    statuses.hear(status({ instance: 'later' }), NOW + 61_000);
    expect(stateOf(statuses, NOW + 61_000)['es-sink']).toBe('ready');
  });
});
