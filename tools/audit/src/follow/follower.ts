import {
  type FindingKind,
  GROUPS,
  type ProvedHour,
  type SinkName,
  type StoreName,
} from '@pipeline/event-schema';
import { pause, type PartitionExtent } from '@pipeline/kafka-transport';
import { judge } from '../ledger/judge.ts';
import { Ledger, type LoggedRecord } from '../ledger/ledger.ts';
import { type Finding } from '../report/findings.ts';
import { type Followed } from './followed.ts';
import { type FollowedKafka, type RecordRange } from './followed-kafka.ts';
import { type FollowedStore } from './followed-store.ts';
import { LetterReader } from './letter-reader.ts';
import { type ProofLog } from './proof-log.ts';
import { addBroken, isBroken } from './proved-hour.ts';
import { ProvedChain } from './proved-chain.ts';
import { type RecentRecords } from './recent-records.ts';
import { type Look, StepLook } from './step-look.ts';

const HOUR_MS = 3_600_000;
const EVER = { fromMs: -Infinity, toMs: Infinity };
const SINK_OF: Readonly<Record<StoreName, SinkName>> = {
  hdfs: GROUPS.hdfsSink,
  elasticsearch: GROUPS.esSink,
};
/** Of each partition in a round, so that no partition waits for the backlog of another one. */
const MAX_WINDOWS = 8;
/** Proved hours that are measured again in a round: the hours of a week, of three partitions, take half an hour. */
const RECHECKS = 3;
/** What is broken is proved anew so often, even if its measure stays. */
const BROKEN_AGAIN_MS = 600_000;

export interface FollowerOptions {
  readonly topic: string;
  readonly kafka: FollowedKafka;
  readonly store: FollowedStore;
  readonly log: ProofLog;
  /** Shared by the followers of a topic. */
  readonly recent: RecentRecords;
  /** Told of what is wrong, each time that it is found. */
  readonly onBroken: (findings: readonly Finding[]) => void;
  /** Pause before something is taken for broken: a listing or a refresh may have come in between. */
  readonly confirmMs: number;
}

/**
 * Proves one topic in one store, again and again from where it stands up to what the sink has committed: the rules are
 * those of the whole audit, the ledger holds one window. What is proved is not read again; it is measured again, in
 * turn, and proved anew where its measure has changed.
 */
export class Follower implements Followed {
  private readonly chains = new Map<number, ProvedChain>();
  private readonly letters: LetterReader;
  private readonly steps: StepLook;
  private readonly provedAnewAt = new Map<ProvedHour, number>();
  /** Hours that are not kept as they are now, with their partitions. */
  private readonly unsaved = new Map<ProvedHour, number>();
  private extents: readonly PartitionExtent[] = [];
  private nextRecheck = 0;
  private advancedAt = Date.now();
  private askedAt = 0;

  constructor(private readonly options: FollowerOptions) {
    this.letters = new LetterReader(options.kafka, this.sink);
    this.steps = new StepLook(options);
  }

  get topic(): string {
    return this.options.topic;
  }

  get store(): StoreName {
    return this.options.store.name;
  }

  private get sink(): SinkName {
    return SINK_OF[this.store];
  }

  /** Continues where an earlier run has ended. */
  resume(partition: number, hour: ProvedHour): void {
    this.chainOf(partition).add(hour);
  }

  /** @returns whether more could be proved at once. */
  async round(): Promise<boolean> {
    const { askedAtMs, committed, extents } = await this.options.kafka.position(this.sink);
    this.extents = extents;
    this.askedAt = askedAtMs;
    this.beginLook();
    try {
      const isBehind = await this.proveAll(committed);
      await this.recheck();
      return isBehind;
    } finally {
      await this.save();
    }
  }

  private async proveAll(committed: ReadonlyMap<number, bigint>): Promise<boolean> {
    let isBehind = false;
    for (const extent of this.extents) {
      const chain = this.chainOf(extent.partition);
      this.options.recent.startAt(extent);
      for (const hour of chain.startAt(extent)) await this.forget(extent.partition, hour);
      const commit = committed.get(extent.partition) ?? 0n;
      const end = Number(commit < extent.endOffset ? commit : extent.endOffset);
      for (let windows = 0; chain.nextOffset < end && windows < MAX_WINDOWS; windows += 1) {
        await this.prove(extent.partition, chain, end);
      }
      isBehind ||= chain.nextOffset < end;
    }
    if (this.waiting === 0) this.advancedAt = Date.now();
    return isBehind;
  }

  /** Records in Kafka that are not proved. */
  get waiting(): number {
    return this.extents.reduce((sum, extent) => sum + this.waitingOf(extent), 0);
  }

  /** How long records have waited and none was proved, milliseconds. */
  get stalledMs(): number {
    return this.waiting === 0 ? 0 : Date.now() - this.advancedAt;
  }

  /** Everything that was appended before is proved; milliseconds since the epoch, 0 when nothing is. */
  get provedMs(): number {
    const waiting = this.extents.filter((extent) => this.waitingOf(extent) > 0);
    return Math.min(this.askedAt, ...waiting.map(({ partition }) => this.chainOf(partition).lastMs));
  }

  get provedOffsets(): ReadonlyMap<number, number> {
    return new Map(this.extents.map(({ partition }) => [partition, this.chainOf(partition).nextOffset]));
  }

  get broken(): Readonly<Record<FindingKind, number>> {
    const sum = { lost: 0, double: 0, invented: 0, damaged: 0 };
    for (const { hour } of this.hours()) {
      for (const kind of Object.keys(sum) as FindingKind[]) sum[kind] += hour.broken[kind] ?? 0;
    }
    return sum;
  }

  private waitingOf({ partition, startOffset, endOffset }: PartitionExtent): number {
    return Number(endOffset) - Math.max(this.chainOf(partition).nextOffset, Number(startOffset));
  }

  private async prove(partition: number, chain: ProvedChain, end: number): Promise<void> {
    const startOffset = chain.nextOffset;
    const nextOffset = Math.min(end, startOffset + this.options.store.maxRecords);
    const look = await this.lookTwice({ partition, startOffset, nextOffset }, false);
    const hour = chain.extend({ ...look, startOffset, broken: totals(look.findings) });
    if (isBroken(hour)) this.provedAnewAt.set(hour, Date.now());
    this.unsaved.set(hour, partition);
    this.advancedAt = Date.now();
  }

  /** Measures some proved hours again, the newest first, then older ones in turn. */
  private async recheck(): Promise<void> {
    const hours = [...this.hours()].filter(({ isWhole }) => isWhole);
    const due: typeof hours = [];
    while (due.length < Math.min(RECHECKS, hours.length)) {
      this.nextRecheck = (this.nextRecheck + 1) % hours.length;
      due.push(hours[this.nextRecheck]!);
    }
    if (due.length === 0) return;
    const measures = await this.options.store.measure(
      due.map(({ partition, hour }) => ({ partition, ...hour })),
    );
    for (const [at, { partition, hour }] of due.entries()) {
      const stored = measures[at]!;
      const lookedAt = this.provedAnewAt.get(hour) ?? 0;
      const isDue = isBroken(hour) && Date.now() - lookedAt > BROKEN_AGAIN_MS;
      if (stored !== hour.stored || isDue) await this.proveAnew(partition, hour, stored);
    }
  }

  private async proveAnew(partition: number, hour: ProvedHour, stored: number): Promise<void> {
    const found: Pick<ProvedHour, 'broken'> = { broken: {} };
    for (let startOffset = hour.startOffset; startOffset < hour.nextOffset;) {
      const nextOffset = Math.min(hour.nextOffset, startOffset + this.options.store.maxRecords);
      const look = await this.lookTwice({ partition, startOffset, nextOffset }, true);
      addBroken(found as ProvedHour, totals(look.findings));
      startOffset = look.nextOffset;
    }
    Object.assign(hour, { stored, broken: found.broken });
    this.provedAnewAt.set(hour, Date.now());
    this.unsaved.set(hour, partition);
  }

  private async lookTwice(range: RecordRange, isThorough: boolean): Promise<Look> {
    const inStep = isThorough || (await this.letters.hasUnread()) ? undefined : await this.steps.look(range);
    if (inStep !== undefined) return inStep;
    let look = await this.look(range, { isThorough, isFirst: !isThorough });
    if (look.findings.length === 0) return look;
    await pause(this.options.confirmMs);
    this.beginLook();
    look = await this.look(range, { isThorough, isFirst: false });
    if (look.findings.length > 0) this.options.onBroken(look.findings);
    return look;
  }

  /** Once for all windows of a round: what the sink has committed by now is there to be seen. */
  private beginLook(): void {
    this.options.store.begin();
    this.letters.begin();
  }

  /** Compares records one by one: as many of the range as were appended in one hour. */
  private async look(
    range: RecordRange,
    { isThorough, isFirst }: { readonly isThorough: boolean; readonly isFirst: boolean },
  ): Promise<Look> {
    const { kafka, store, topic, recent } = this.options;
    const { partition, startOffset } = range;
    const extent = { partition, startOffset: BigInt(startOffset), endOffset: BigInt(range.nextOffset) };
    const withIds = store.name === 'elasticsearch';
    const ledger = new Ledger(topic, [extent], EVER, withIds);
    const ids: string[] = [];
    let [hour, nextOffset, lastMs, bytes] = [-1, range.nextOffset, 0, 0];
    const take = (record: LoggedRecord) => {
      const { offset, timestamp: timestampMs } = record;
      if (offset >= nextOffset) return;
      const appendHour = Math.floor(timestampMs / HOUR_MS);
      if (hour < 0) hour = appendHour;
      if (hour !== appendHour) {
        nextOffset = offset;
        return;
      }
      const id = ledger.addRecord(partition, record);
      if (id !== undefined) ids.push(id);
      lastMs = timestampMs;
      bytes += record.value?.length ?? 0;
    };
    const from = isFirst && !withIds ? recent.read(range, take) : startOffset;
    if (from < nextOffset) await kafka.read({ ...range, startOffset: from }, take);
    ledger.offsets.cut(partition, nextOffset);
    ledger.offsets.extend(this.extents);
    ledger.setCommitted(this.sink, new Map([[partition, BigInt(nextOffset)]]));
    const window = { partition, startOffset, nextOffset, hour, ids, bytes, isThorough };
    const stored = hour < 0 ? 0 : await store.read(window, ledger);
    await this.letters.read(ledger, { isThorough, isProved: (place) => this.isProved(place, window) });
    if (ledger.needsSecondLook) {
      await kafka.read({ ...range, nextOffset }, (record) => ledger.lookAgain(partition, record));
    }
    judge(ledger, [this.sink]);
    return { hour, nextOffset, lastMs, stored, findings: ledger.findings.list() };
  }

  /** Whether no later window will ask for the letter of this record. */
  private isProved(record: { partition: number; offset: number }, window: RecordRange): boolean {
    const extent = this.extents.find(({ partition }) => partition === record.partition);
    if (extent === undefined || record.offset >= Number(extent.endOffset)) return true;
    const { nextOffset } = record.partition === window.partition ? window : this.chainOf(record.partition);
    return record.offset < nextOffset;
  }

  private *hours(): Generator<{ partition: number; hour: ProvedHour; isWhole: boolean }> {
    for (const { partition, startOffset } of this.extents) {
      const { hours } = this.chainOf(partition);
      for (const hour of hours.toReversed()) {
        yield { partition, hour, isWhole: hour.startOffset >= Number(startOffset) };
      }
    }
  }

  private chainOf(partition: number): ProvedChain {
    const chain = this.chains.get(partition) ?? new ProvedChain();
    this.chains.set(partition, chain);
    return chain;
  }

  /** Once in a round. What a crash takes away is proved again. */
  private async save(): Promise<void> {
    if (this.unsaved.size === 0) return;
    const { topic, store } = this;
    const hours = [...this.unsaved].map(([hour, partition]) => ({ topic, store, partition, ...hour }));
    await this.options.log.save(hours);
    this.unsaved.clear();
  }

  private forget(partition: number, hour: ProvedHour): Promise<void> {
    this.provedAnewAt.delete(hour);
    this.unsaved.delete(hour);
    return this.options.log.forget({ topic: this.topic, store: this.store, partition }, hour);
  }
}

function totals(findings: readonly Finding[]): ProvedHour['broken'] {
  return Object.fromEntries(findings.map(({ kind, total }) => [kind, total]));
}
