import { type FindingKind, GROUPS, type SinkName, type StoreName } from '@pipeline/event-schema';
import { pause, type PartitionExtent } from '@pipeline/kafka-transport';
import { type AuditReport } from '../report/audit-report.ts';
import { type Finding } from '../report/findings.ts';
import { type Followed } from './followed.ts';
import { type FollowedKafka } from './followed-kafka.ts';

const SINK_OF: Readonly<Record<StoreName, SinkName>> = {
  hdfs: GROUPS.hdfsSink,
  elasticsearch: GROUPS.esSink,
};
/** A proof rests this many times as long as it took. */
const RESTS = 4;
/** What is not changed in Kafka is proved again so often. */
const AGAIN_MS = 600_000;

export interface TableFollowerOptions {
  readonly topic: string;
  readonly store: StoreName;
  readonly kafka: Pick<FollowedKafka, 'position'>;
  /** A whole audit of the table. */
  readonly audit: () => Promise<AuditReport>;
  readonly onBroken: (findings: readonly Finding[]) => void;
  /** Pause before something is taken for broken. */
  readonly confirmMs: number;
  readonly nowMs?: () => number;
}

/**
 * Proves a table in one store, as a whole each time: which document a key must have is known only when all of its records were
 * seen. It proves again when Kafka or the sink have gone on, and rests in between.
 */
export class TableFollower implements Followed {
  private report: AuditReport | undefined;
  private extents: readonly PartitionExtent[] = [];
  private committed: ReadonlyMap<number, bigint> = new Map();
  private state = '';
  private askedAt = 0;
  private advancedAt: number;
  private nextAt = 0;
  private againAt = 0;

  constructor(private readonly options: TableFollowerOptions) {
    this.advancedAt = this.now();
  }

  get topic(): string {
    return this.options.topic;
  }

  get store(): StoreName {
    return this.options.store;
  }

  /** What was proved before a restart is proved again. */
  resume(): void {
    this.state = '';
  }

  async round(): Promise<boolean> {
    const startedAt = this.now();
    if (startedAt < this.nextAt) return false;
    const { kafka, audit, onBroken, confirmMs } = this.options;
    const { extents, committed } = await kafka.position(SINK_OF[this.store]);
    const state = stateOf(extents, committed);
    if (state === this.state && startedAt < this.againAt) return false;
    let report = await audit();
    if (!report.holds) {
      await pause(confirmMs);
      report = await audit();
    }
    if (this.hasAdvanced(committed)) this.advancedAt = this.now();
    this.report = report;
    this.extents = extents;
    this.committed = committed;
    this.state = state;
    this.askedAt = startedAt;
    if (this.waiting === 0) this.advancedAt = this.now();
    this.nextAt = this.now() + RESTS * (this.now() - startedAt);
    this.againAt = this.now() + AGAIN_MS;
    const findings = this.findings();
    if (findings.length > 0) onBroken(findings);
    return false;
  }

  get waiting(): number {
    const sink = SINK_OF[this.store];
    return this.report?.hours.reduce((sum, { waiting }) => sum + waiting[sink], 0) ?? 0;
  }

  get stalledMs(): number {
    return this.waiting === 0 ? 0 : this.now() - this.advancedAt;
  }

  get provedMs(): number {
    return this.report === undefined || this.waiting > 0 ? 0 : this.askedAt;
  }

  get provedOffsets(): ReadonlyMap<number, number> {
    return new Map(
      this.extents.map(({ partition }) => [partition, Number(this.committed.get(partition) ?? 0n)]),
    );
  }

  get broken(): Readonly<Record<FindingKind, number>> {
    const counts = { lost: 0, double: 0, invented: 0, damaged: 0 };
    for (const { kind, total } of this.findings()) counts[kind] += total;
    return counts;
  }

  private hasAdvanced(committed: ReadonlyMap<number, bigint>): boolean {
    return [...committed].some(([partition, offset]) => this.committed.get(partition) !== offset);
  }

  private findings(): readonly Finding[] {
    return this.report?.findings.filter(({ sink }) => sink === SINK_OF[this.store]) ?? [];
  }

  private now(): number {
    return (this.options.nowMs ?? Date.now)();
  }
}

function stateOf(extents: readonly PartitionExtent[], committed: ReadonlyMap<number, bigint>): string {
  return extents
    .map(({ partition, endOffset }) => `${partition}:${endOffset}:${committed.get(partition) ?? ''}`)
    .sort()
    .join();
}
