import { type FindingKind } from '@pipeline/event-schema';
import { type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { pause } from '@pipeline/kafka-transport';
import { type Logger, metricsIn, type Readiness } from '@pipeline/observability';
import { type Followed } from './followed.ts';
import { type ProofLog } from './proof-log.ts';

/** While it catches up a follower rests this many times as long as its round took: it shall take nothing from the sinks. */
const RESTS = 4;
/** The loop of HDFS begins so much later: what it needs of Kafka, the loop of Elasticsearch has read by then. */
const BEHIND_MS = 500;
/** Rounds that fail without a success between, before the audit is not ready. */
const TOLERATED_FAILURES = 2;

export const auditMetrics = metricsIn(({ gauge }) => ({
  provedOffset: gauge(
    'audit_proved_offset',
    'Everything below this offset is proved to be in the store',
    'topic',
    'store',
    'partition',
  ),
  provedTimestamp: gauge(
    'audit_proved_timestamp_seconds',
    'Everything appended before this time is proved to be in the store',
    'topic',
    'store',
  ),
  waiting: gauge(
    'audit_waiting_records',
    'Records that are in Kafka and are not proved yet',
    'topic',
    'store',
  ),
  stalledSeconds: gauge(
    'audit_stalled_seconds',
    'How long records have waited without any of them being proved; 0 when none waits',
    'topic',
    'store',
  ),
  broken: gauge(
    'audit_broken_records',
    'Records of which something is wrong in the store: lost, double, invented, damaged',
    'topic',
    'store',
    'kind',
  ),
}));

export interface FollowParts {
  readonly followers: readonly Followed[];
  readonly log: Pick<ProofLog, 'load'>;
  readonly intervalMs: number;
  readonly logger: Logger;
  readonly metrics: ReturnType<typeof auditMetrics>;
  readonly readiness: Readiness;
  /** Ends the connections. */
  readonly close: () => Promise<void>;
}

/** Runs a loop for each topic and store, so that a store in trouble holds up its own proof only. */
export class FollowService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private readonly failures = new Map<Followed, { count: number; reason: string }>();
  private resumed = false;
  private running: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: FollowParts) {
    const { readiness, followers } = parts;
    readiness.register('proof', () => (this.resumed ? undefined : 'What was proved before is not read yet'));
    for (const store of new Set(followers.map((follower) => follower.store))) {
      readiness.register(store, () => this.reasonOf(store));
    }
  }

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await this.parts.close();
  }

  private async run(): Promise<void> {
    await this.resume();
    await Promise.all(this.parts.followers.map((follower) => this.loop(follower)));
  }

  private async resume(): Promise<void> {
    const { log, followers, logger, intervalMs } = this.parts;
    while (!this.stopping.signal.aborted) {
      try {
        for (const { topic, store, partition, ...hour } of await log.load()) {
          const follower = followers.find((each) => each.topic === topic && each.store === store);
          follower?.resume(partition, hour);
        }
        this.resumed = true;
        return;
      } catch (error) {
        logger.warn({ err: error }, 'proof not read, trying again');
        await pause(intervalMs, this.stopping.signal);
      }
    }
  }

  private async loop(follower: Followed): Promise<void> {
    const { intervalMs, logger } = this.parts;
    const { topic, store } = follower;
    while (!this.stopping.signal.aborted) {
      const startedAt = performance.now();
      let isBehind = false;
      try {
        isBehind = await follower.round();
        this.failures.delete(follower);
      } catch (error) {
        const count = (this.failures.get(follower)?.count ?? 0) + 1;
        this.failures.set(follower, {
          count,
          reason: error instanceof Error ? error.message : String(error),
        });
        logger.warn({ topic, store, err: error }, 'round of the audit failed');
      }
      this.show(follower);
      const nowMs = performance.now();
      // Loops that have caught up begin their rounds together: they share what they ask of Kafka and read of it.
      const phaseMs = store === 'hdfs' ? Math.min(BEHIND_MS, intervalMs / 4) : 0;
      const restMs = isBehind ? (nowMs - startedAt) * RESTS : intervalMs - ((nowMs - phaseMs) % intervalMs);
      await pause(restMs, this.stopping.signal);
    }
  }

  private show(follower: Followed): void {
    const { metrics } = this.parts;
    const { topic, store } = follower;
    metrics.waiting.set({ topic, store }, follower.waiting);
    metrics.stalledSeconds.set({ topic, store }, follower.stalledMs / 1_000);
    metrics.provedTimestamp.set({ topic, store }, follower.provedMs / 1_000);
    for (const [partition, offset] of follower.provedOffsets) {
      metrics.provedOffset.set({ topic, store, partition: String(partition) }, offset);
    }
    for (const [kind, count] of Object.entries(follower.broken) as [FindingKind, number][]) {
      metrics.broken.set({ topic, store, kind }, count);
    }
  }

  private reasonOf(store: string): string | undefined {
    for (const [follower, { count, reason }] of this.failures) {
      if (follower.store === store && count > TOLERATED_FAILURES) return reason;
    }
    return undefined;
  }
}
