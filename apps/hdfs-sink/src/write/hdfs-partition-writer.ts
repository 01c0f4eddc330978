import { randomUUID } from 'node:crypto';
import { LineageAppender, linesOf, type RecordLines } from '@pipeline/event-schema';
import { type PartitionAssignment } from '@pipeline/kafka-transport';
import { type Logger } from '@pipeline/observability';
import {
  PartitionHaltedError,
  type PartitionWriter,
  type RecordRange,
  type RejectedRecord,
  StagingLostError,
  type WriteReport,
} from '@pipeline/sink-runtime';
import { FileStoreError } from '../hdfs/file-store-error.ts';
import { type FileStore } from '../hdfs/file-store.ts';
import { type ChainEnd, endAfter } from '../recover/chain-end.ts';
import { ChainLook, type Find } from '../recover/chain-look.ts';
import { isOurCommit, recoverChain } from '../recover/recover-chain.ts';
import { type CommitStepHook } from './commit-steps.ts';
import { type ChainId, type Compression } from './file-name.ts';
import { FilePublisher, type StagedFile } from './file-publisher.ts';
import { jsonLines } from './json-lines.ts';
import { nextFile } from './next-file.ts';
import { recordIdentity } from './record-identity.ts';
import { WriteTally } from './write-tally.ts';

export interface PartitionWriterOptions {
  readonly store: FileStore;
  readonly root: string;
  readonly compression: Compression;
  readonly hook: CommitStepHook;
  readonly logger: Logger;
  /** Wall clock. */
  readonly nowMs?: () => number;
}

/** One call of the runtime. */
interface Call {
  readonly range: RecordRange;
  /** Whether the file at the end of the range goes on growing after it. */
  readonly grows: boolean;
  readonly tally: WriteTally;
  readonly revoked: AbortSignal;
}

/** What a file at a place of the chain must begin with to be taken for ours. */
type FirstRecord = Pick<StagedFile, 'startOffset' | 'firstRecord' | 'firstOffset'>;

/**
 * Continues one partition's chain of files during one assignment.
 *
 * A file is named by its start offset, and starts where the one before it ends. So all writers that stand at the same
 * place of the chain compute the same name, and the store lets one of them have it. Who comes second (a zombie, or a
 * replay after a crash between rename and offset commit) reads from the winner where to go on.
 *
 * A file may grow in the staging folder over several `stage` calls, whose records are not in memory any more. When
 * anything goes wrong with it then, it is given up and its records are read from Kafka again.
 *
 * Rejected records and gaps lie inside a file's range without being in the file, and a range that holds nothing else
 * still becomes an empty file. Without it a zombie at the old name and the next owner behind the gap would stand at
 * two places of the chain, and both would win.
 */
export class HdfsPartitionWriter implements PartitionWriter {
  private readonly owner = randomUUID();
  private readonly chain: ChainId;
  private readonly lineage: LineageAppender;
  private readonly lines: RecordLines;
  private readonly publisher: FilePublisher;
  private readonly look: ChainLook;
  private end: ChainEnd | undefined;
  private previous: Pick<RecordRange, 'startOffset' | 'nextOffset'> | undefined;
  private growing: StagedFile | undefined;
  /** Whether a file may already lie at the next name; then a status call saves an upload. */
  private looking = true;
  /** Start and end offsets of files of ours that no report has counted yet. */
  private uncounted: (readonly [bigint, bigint])[] = [];
  /** What became of records that were staged; the next report of `write` counts them. */
  private carried: WriteTally;

  constructor(
    private readonly options: PartitionWriterOptions,
    private readonly assignment: PartitionAssignment,
  ) {
    const { store, root, compression, hook, nowMs = Date.now } = options;
    const { topic, partition } = assignment;
    this.chain = { root, topic, partition };
    this.lineage = new LineageAppender(topic, partition);
    this.lines = linesOf(topic);
    this.carried = new WriteTally(this.lines);
    this.look = new ChainLook(store, this.chain, nowMs);
    this.publisher = new FilePublisher({ store, chain: this.chain, compression, owner: this.owner, hook });
  }

  async write(range: RecordRange, revoked: AbortSignal): Promise<WriteReport> {
    const tally = new WriteTally(this.lines);
    const call = { range, grows: false, tally, revoked };
    await this.guarded(call, async () => {
      let end = await this.extendBy(call);
      if (this.growing) end = await this.finish(this.growing, range.nextOffset - 1n, call);
      if (end.nextOffset !== range.nextOffset) await this.publisher.point(range.nextOffset, end, revoked);
      await this.options.hook('before-offset-commit');
    });
    this.uncounted = [];
    tally.carry(this.carried.report());
    this.carried = new WriteTally(this.lines);
    return tally.report();
  }

  async stage(range: RecordRange, revoked: AbortSignal): Promise<readonly RejectedRecord[]> {
    const tally = new WriteTally(this.lines);
    const call = { range, grows: true, tally, revoked };
    await this.guarded(call, () => this.extendBy(call));
    const { rejected, ...counts } = tally.report();
    this.carried.carry(counts);
    return rejected;
  }

  /** A call can be repeated after an error, unless a file was growing: its earlier records are not in memory any more. */
  private async guarded({ revoked }: Call, work: () => Promise<unknown>): Promise<void> {
    const { growing } = this;
    try {
      revoked.throwIfAborted();
      await work();
    } catch (error) {
      this.looking = true;
      if (!growing || this.growing !== growing || error instanceof PartitionHaltedError) throw error;
      this.growing = undefined;
      this.publisher.discard(growing, revoked);
      const code = error instanceof FileStoreError ? error.code : 'unexpected';
      throw new StagingLostError(code, `${growing.path} was given up`, { cause: error });
    }
  }

  private async extendBy(call: Call): Promise<ChainEnd> {
    let end = await this.locate(call.range);
    const { records } = call.range;
    for (let at = 0; at < records.length; end = this.end ?? end) {
      const isStored = !this.growing && BigInt(records[at]!.offset) < end.nextOffset;
      at = isStored ? this.skip(at, end, call) : await this.extend(at, end, call);
    }
    return end;
  }

  /** The end of the chain, looked up when this is the assignment's first range or does not continue the previous one. */
  private async locate(range: RecordRange): Promise<ChainEnd> {
    const { previous, chain } = this;
    const { store } = this.options;
    const { startOffset, nextOffset } = range;
    const continues = previous?.startOffset === startOffset || previous?.nextOffset === startOffset;
    if (!this.end || !continues) {
      const trusted = !previous && isOurCommit(this.assignment, startOffset);
      this.end = await recoverChain({ store, chain, startOffset, trusted });
      this.looking = true;
    }
    // Only the offsets: the records leave memory.
    this.previous = { startOffset, nextOffset };
    return this.end;
  }

  /**
   * Passes over records that a file covers.
   * @returns the index behind them.
   */
  private skip(from: number, end: ChainEnd, { range, tally }: Call): number {
    let at = from;
    for (; at < range.records.length; at += 1) {
      const record = range.records[at]!;
      const offset = BigInt(record.offset);
      if (offset >= end.nextOffset) break;
      if (end.maxTimestampMs !== undefined && Number(record.timestamp) > end.maxTimestampMs) {
        throw this.foreign(`record ${offset} is newer than the files that cover its offset`);
      }
      tally.found(
        record,
        this.uncounted.some(([first, last]) => first <= offset && offset <= last),
      );
    }
    return at;
  }

  /**
   * Makes the chain longer: by a file, ours or one that is there already, or by what a growing file takes.
   * @returns the index of the next record to deal with; the same one when it is now behind the end and has to be passed over.
   */
  private async extend(from: number, end: ChainEnd, call: Call): Promise<number> {
    const { range, tally, revoked } = call;
    const { records, nextOffset } = range;
    const { growing } = this;
    const startOffset = growing?.startOffset ?? end.nextOffset;
    const file = nextFile({ records, from, startOffset, nextOffset });
    if (growing && file.hour !== growing.hour) {
      await this.finish(growing, BigInt(file.records[0]!.offset) - 1n, call);
      return from;
    }
    const found = !growing && this.looking ? await this.look.find(file) : undefined;
    if (found) {
      this.adopt(found, this.firstOf(startOffset, file.records[0]!));
      return from;
    }
    const content = jsonLines(file.records, this.lineage, this.lines);
    const until = from + file.records.length;
    if (growing) {
      revoked.throwIfAborted();
      await this.publisher.append(growing, file, content);
    }
    const staged = growing ?? (await this.publisher.stage(file, content, revoked));
    if (call.grows && until === records.length) {
      this.growing = staged;
      tally.staged(content.rejected);
      return until;
    }
    const { nextOffset: reached } = await this.finish(staged, file.endOffset, call, content.lines);
    if (this.looking || reached !== file.endOffset + 1n) return from;
    tally.published(content);
    return until;
  }

  /**
   * Publishes a staged file, or finds what is at its place.
   * @param lines of the current call in it.
   * @throws FileStoreError when it had been growing and another file is there.
   */
  private async finish(staged: StagedFile, endOffset: bigint, call: Call, lines = 0): Promise<ChainEnd> {
    const earlier = staged.lines - lines;
    const found = this.look.outdated ? await this.look.find(staged) : undefined;
    // A rename that succeeds from now on proves that the chain ends with our file.
    if (!found) this.look.renew();
    const file = found?.file ?? (await this.publisher.publish(staged, endOffset, call.revoked));
    const asMeant = file.owner === this.owner && file.endOffset === endOffset;
    if (this.growing && !asMeant) throw new FileStoreError('already-exists', 'another file is at its place');
    if (found) this.publisher.discard(staged, call.revoked);
    this.adopt(found ?? { file, starts: true }, staged);
    this.looking = file.owner !== this.owner;
    this.growing = undefined;
    if (asMeant) this.carried.carry({ written: earlier, duplicates: 0 });
    return this.end!;
  }

  private firstOf(startOffset: bigint, record: RecordRange['records'][number]): FirstRecord {
    return {
      startOffset,
      firstRecord: recordIdentity(this.chain.topic, record),
      firstOffset: BigInt(record.offset),
    };
  }

  /** Takes the file that lies at the next place of the chain as part of it, whoever made it. */
  private adopt({ file, starts }: Find, first: FirstRecord): void {
    const { topic, partition } = this.chain;
    const { startOffset, firstRecord, firstOffset } = first;
    if (starts && (file.firstRecord !== firstRecord || file.endOffset < firstOffset)) {
      throw this.foreign(`the file at offset ${startOffset} begins with another record`);
    }
    const byUs = file.owner === this.owner;
    if (byUs) this.uncounted.push([startOffset, file.endOffset]);
    this.end = endAfter(this.end, file);
    const { endOffset, records } = file;
    const fields = { topic, partition, startOffset: `${startOffset}`, endOffset: `${endOffset}`, records };
    if (byUs) this.options.logger.info(fields, 'file published');
    else this.options.logger.warn({ ...fields, owner: file.owner }, 'file found in place');
  }

  private foreign(what: string): PartitionHaltedError {
    const { topic, partition } = this.chain;
    return new PartitionHaltedError(
      'foreign-file',
      `${topic}/${partition}: ${what}; was the topic recreated?`,
    );
  }
}
