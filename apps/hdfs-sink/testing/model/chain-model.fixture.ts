import { type KafkaRecord, type PartitionAssignment } from '@pipeline/kafka-transport';
import { type Logger } from '@pipeline/observability';
import {
  type PartitionWriter,
  type RecordRange,
  type RejectedRecord,
  StagingLostError,
  type WriteReport,
} from '@pipeline/sink-runtime';
import { Compaction } from '../../src/compact/compaction.ts';
import { CompactionLockedError } from '../../src/compact/compaction-lock.ts';
import { FileStoreError } from '../../src/hdfs/file-store-error.ts';
import { type MemoryFile } from '../file-store.double.ts';
import { noHook } from '../../src/chain/file-publisher.ts';
import { HdfsSinkWriter } from '../../src/chain/hdfs-partition-writer.ts';
import { recordAt, TOPIC } from '../records.fixture.ts';
import { ScheduledFileStore } from './scheduled-file-store.double.ts';
import { ScheduledJoiningStore } from './scheduled-joining-store.double.ts';
import {
  type ModelProcess,
  type Scheduler,
  Scheduler as ModelScheduler,
  seededRandom,
} from './scheduler.fixture.ts';

export const ROOT = '/pipeline';
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export interface ModelOptions {
  /** Compactions come as well, and hours pass meanwhile. */
  readonly compacts?: boolean;
}

interface Consumer extends ModelProcess {
  readonly revocation: AbortController;
}

interface Commit {
  readonly offset: number | null;
  readonly byPipeline: boolean;
}

const silent = Object.fromEntries(
  ['fatal', 'error', 'warn', 'info', 'debug', 'trace'].map((level) => [level, () => undefined]),
) as unknown as Logger;

/**
 * One partition, its consumer group and its chain of files, driven by a seed: records with gaps, poison and hour
 * changes; owners that crash, or turn into zombies that notice late or never that they lost the partition; store
 * operations that fail, lose their answer or are applied late; offsets that are deleted or set back; compactions that
 * join files meanwhile and crash.
 */
export class ChainModel {
  readonly files = new Map<string, MemoryFile>();
  readonly log: KafkaRecord[] = [];
  readonly logEnd: number;
  readonly deadLettered = new Set<number>();
  /** Breaches of a promise of `write` itself. */
  readonly breaches: string[] = [];
  written = 0;
  /** Joins that took effect. */
  joined = 0;
  committed: Commit = { offset: null, byPipeline: false };
  /** Share of a zombie's commits that the broker takes: most, but not all, are refused (tulios/kafkajs#1046). */
  private staleCommits = 0.3;
  private readonly scheduler: Scheduler;
  private owner: Consumer | undefined;
  private readonly zombies: Consumer[] = [];
  private compactor: ModelProcess | undefined;
  /** Passes with every step, so that hours are over and looks are old at some time. */
  private nowMs: number;

  constructor(
    readonly seed: number,
    private readonly options: ModelOptions = {},
  ) {
    this.scheduler = new ModelScheduler(seededRandom(seed), 0.12);
    let timestampMs = Date.UTC(2026, 10, 22, 9, 10);
    let offset = this.below(3);
    for (let count = 6 + this.below(14); count > 0; count -= 1) {
      timestampMs += this.below(4) * 5 * MINUTE_MS;
      this.log.push(recordAt(offset, { timestampMs, ...(this.chance(0.1) && { value: 'poison' }) }));
      offset += this.chance(0.1) ? 1 + this.below(4) : 1;
    }
    this.logEnd = offset;
    this.nowMs = timestampMs;
  }

  /**
   * Plays the schedule, then lets one healthy owner catch up while the zombies play on, and one compaction finish, after
   * which those wake up that slept.
   */
  async play(): Promise<void> {
    this.assign();
    for (let steps = 20 + this.below(50); steps > 0; steps -= 1) {
      if (this.chance(0.1)) this.disturb();
      await this.step();
    }
    this.scheduler.faultRate = 0;
    this.staleCommits = 0;
    this.assign();
    while (await this.step());
    if (!this.options.compacts) return;
    this.nowMs += DAY_MS;
    void this.compact();
    while (await this.scheduler.step());
    for (const zombie of this.zombies) zombie.asleep = false;
    while (await this.scheduler.step());
  }

  private step(): Promise<boolean> {
    if (this.options.compacts) this.nowMs += (this.chance(0.05) ? 90 : this.below(6)) * MINUTE_MS;
    return this.scheduler.step();
  }

  private below(limit: number): number {
    return this.scheduler.below(limit);
  }

  private chance(share: number): boolean {
    return this.scheduler.random() < share;
  }

  private disturb(): void {
    const event = this.below(6);
    if (event === 0 && this.owner) this.owner.alive = false;
    if (event === 1) this.zombies.forEach((zombie) => (zombie.alive &&= this.chance(0.5)));
    if (event === 2) this.zombies.forEach((zombie) => this.chance(0.5) && zombie.revocation.abort());
    if (event === 3) this.resetOffset();
    this.assign();
    if (this.options.compacts) this.disturbCompaction();
  }

  private disturbCompaction(): void {
    if (this.compactor && this.chance(0.2)) this.compactor.alive = false;
    if (this.chance(0.7)) void this.compact();
  }

  /** One more compaction; the one before may be at work still. */
  private async compact(): Promise<void> {
    const process = { alive: true };
    this.compactor = process;
    const nowMs = () => this.nowMs;
    const store = new ScheduledJoiningStore(this.files, this.scheduler, process, nowMs);
    const stopping = new AbortController().signal;
    const options = {
      root: ROOT,
      quietMs: 60 * MINUTE_MS,
      withinDays: 30,
      targetBytes: 1_000,
      dryRun: false,
    };
    const compaction = new Compaction(store, silent, { ...options, stopping, nowMs });
    const committed = new Map([[0, BigInt(this.committed.offset ?? 0)]]);
    try {
      const { before, after } = await compaction.run(new Map([[TOPIC, committed]]));
      this.joined += before - after;
    } catch (error) {
      if (!(error instanceof FileStoreError || error instanceof CompactionLockedError)) throw error;
    }
  }

  /** A rebalance: the owner, if it still lives, is a zombie from now on, and half of the time knows. */
  private assign(): void {
    if (this.owner) {
      this.zombies.push(this.owner);
      if (this.chance(0.5)) this.owner.revocation.abort();
      if (this.options.compacts && this.chance(0.3)) this.owner.asleep = true;
    }
    this.owner = { alive: true, revocation: new AbortController() };
    void this.consume(this.owner);
  }

  /** What an operator may do to a group: delete its offsets, or move them back into what is stored. */
  private resetOffset(): void {
    const { offset } = this.committed;
    this.committed = { offset: this.chance(0.4) ? null : this.below((offset ?? 0) + 1), byPipeline: false };
  }

  private async consume(consumer: Consumer): Promise<void> {
    const { offset, byPipeline } = this.committed;
    const assignment: PartitionAssignment = {
      topic: TOPIC,
      partition: 0,
      committedOffset: offset === null ? null : BigInt(offset),
      committedByPipeline: byPipeline,
      shareBytes: 1,
      draining: new AbortController().signal,
      revoked: consumer.revocation.signal,
    };
    const nowMs = () => this.nowMs;
    const store = new ScheduledFileStore(this.files, this.scheduler, consumer, nowMs);
    const writer = new HdfsSinkWriter({
      store,
      root: ROOT,
      compression: 'none',
      hook: noHook,
      logger: silent,
      nowMs,
    }).open(assignment);
    for (let position = offset ?? 0; position < this.logEnd;) {
      const outcome = await this.flush(consumer, writer, position);
      if (outcome === 'ended') return;
      // The transport reads the partition again from its last commit.
      if (outcome === 'staging-lost') return this.consume(consumer);
      position = outcome;
      this.commit(consumer, position);
    }
  }

  /** A range that the writer makes durable, some of it staged before. @returns the offset to commit. */
  private async flush(
    consumer: Consumer,
    writer: PartitionWriter,
    position: number,
  ): Promise<number | 'ended' | 'staging-lost'> {
    const { signal } = consumer.revocation;
    let range = this.rangeFrom(position);
    let staged = 0;
    try {
      while (this.chance(0.4) && range.records.length > 0) {
        const piece = range;
        const rejected = await this.untilDone(consumer, () => writer.stage?.(piece, signal) ?? []);
        if (!rejected) return 'ended';
        await this.deadLetter(consumer, rejected);
        staged += piece.records.length - rejected.length;
        range = this.rangeFrom(Number(piece.nextOffset), 0);
      }
      const report = await this.untilDone(consumer, () => writer.write(range, signal));
      if (!report) return 'ended';
      this.check(range.records.length + staged, report);
      await this.deadLetter(consumer, report.rejected);
      // A crash may come before the commit.
      await this.scheduler.turn(consumer);
      return Number(range.nextOffset);
    } catch (error) {
      if (error instanceof StagingLostError) return 'staging-lost';
      throw error;
    }
  }

  /** A crash may come before any of it. */
  private async deadLetter(consumer: Consumer, rejected: readonly RejectedRecord[]): Promise<void> {
    await this.scheduler.turn(consumer);
    for (const { record } of rejected) this.deadLettered.add(record.offset);
  }

  /** @throws StagingLostError */
  private async untilDone<T>(consumer: Consumer, work: () => T | Promise<T>): Promise<T | undefined> {
    while (!consumer.revocation.signal.aborted) {
      try {
        return await work();
      } catch (error) {
        if (error instanceof StagingLostError) throw error;
        if ((error as Error).name === 'PartitionHaltedError') {
          this.breaches.push(`halted: ${(error as Error).message}`);
          return undefined;
        }
      }
    }
    return undefined;
  }

  private commit(consumer: Consumer, offset: number): void {
    if (consumer.revocation.signal.aborted) return;
    if (consumer === this.owner || this.chance(this.staleCommits))
      this.committed = { offset, byPipeline: true };
  }

  /** Some whole records from `position` on, at least so many, and a piece of the gap behind them. */
  private rangeFrom(position: number, least = 1): RecordRange {
    const rest = this.log.filter(({ offset }) => Number(offset) >= position);
    const records = rest.slice(0, least + this.below(8));
    if (least === 0 && records.length === 0) return this.emptyRange(position);
    const following = rest[records.length];
    const first = Number(records.at(-1)?.offset ?? position) + 1;
    const last = following ? Number(following.offset) : this.logEnd;
    const nextOffset = BigInt(first + this.below(last - first + 1));
    return { topic: TOPIC, partition: 0, startOffset: BigInt(position), nextOffset, records };
  }

  /** What follows staged records when nothing more has come. */
  private emptyRange(position: number): RecordRange {
    const at = BigInt(position);
    return { topic: TOPIC, partition: 0, startOffset: at, nextOffset: at, records: [] };
  }

  private check(records: number, { written, duplicates, rejected }: WriteReport): void {
    this.written += written;
    if (written + duplicates + rejected.length !== records) this.breaches.push('a report does not add up');
  }
}
