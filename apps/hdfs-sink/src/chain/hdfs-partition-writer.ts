import { randomUUID } from 'node:crypto';
import { LineageAppender, linesOf, type RecordLines } from '@pipeline/event-schema';
import { type PartitionAssignment } from '@pipeline/kafka-transport';
import { type Logger } from '@pipeline/observability';
import {
  PartitionHaltedError,
  type PartitionWriter,
  type RecordRange,
  type RejectedRecord,
  type SinkWriter,
  StagingLostError,
  type WriteReport,
} from '@pipeline/sink-runtime';
import { FileStoreError } from '../hdfs/file-store-error.ts';
import { type FileStore } from '../hdfs/file-store.ts';
import { type ChainEnd, endAfter, isOurCommit, recoverChain } from './recover-chain.ts';
import { ChainLook, type Find } from './chain-look.ts';
import { type CommitStepHook, FilePublisher, type StagedFile } from './file-publisher.ts';
import { type ChainId, type FileCompression } from './file-name.ts';
import { jsonLines } from './json-lines.ts';
import { nextFile, recordIdentity } from './next-file.ts';
import { WriteTally } from './write-tally.ts';

export interface PartitionWriterOptions {
  readonly store: FileStore;
  readonly root: string;
  readonly compression: FileCompression;
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

/** Where a writer stands in its chain. */
type Standing =
  /** The end of the chain is to be looked up. */
  | { readonly name: 'unlocated' }
  /** At the end, and a file of another writer may lie at the next name: a status call saves an upload. */
  | { readonly name: 'contested'; readonly end: ChainEnd }
  /** At the end, which is a file that this writer has just published. */
  | { readonly name: 'leading'; readonly end: ChainEnd }
  /** A file grows behind the end; its earlier records are not in memory any more. */
  | { readonly name: 'growing'; readonly end: ChainEnd; readonly file: StagedFile };

type Located = Exclude<Standing, { name: 'unlocated' }>;

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
  private standing: Standing = { name: 'unlocated' };
  /** Of the latest call: the next one repeats or follows it. Only its offsets, since the records leave memory. */
  private previous: Pick<RecordRange, 'startOffset' | 'nextOffset'> | undefined;
  /** Since the latest report of `write`. */
  private unreported: WriteTally;

  constructor(
    private readonly options: PartitionWriterOptions,
    private readonly assignment: PartitionAssignment,
  ) {
    const { store, root, compression, hook, nowMs = Date.now } = options;
    const { topic, partition } = assignment;
    this.chain = { root, topic, partition };
    this.lineage = new LineageAppender(topic, partition);
    this.lines = linesOf(topic);
    this.unreported = new WriteTally(this.lines);
    this.look = new ChainLook(store, this.chain, nowMs);
    this.publisher = new FilePublisher({ store, chain: this.chain, compression, owner: this.owner, hook });
  }

  async write(range: RecordRange, revoked: AbortSignal): Promise<WriteReport> {
    const call = { range, grows: false, tally: new WriteTally(this.lines), revoked };
    await this.guarded(call, async () => {
      let here = await this.extendBy(call);
      if (here.name === 'growing') here = await this.finish(here, here.file, range.nextOffset - 1n, call);
      const { end } = here;
      if (end.nextOffset !== range.nextOffset) await this.publisher.point(range.nextOffset, end, revoked);
      await this.options.hook('before-offset-commit');
    });
    call.tally.carry(this.unreported);
    this.unreported = new WriteTally(this.lines);
    return call.tally.report();
  }

  async stage(range: RecordRange, revoked: AbortSignal): Promise<readonly RejectedRecord[]> {
    const call = { range, grows: true, tally: new WriteTally(this.lines), revoked };
    await this.guarded(call, () => this.extendBy(call));
    this.unreported.carry(call.tally);
    return call.tally.report().rejected;
  }

  /** A call can be repeated after an error, unless a file was growing: its earlier records are not in memory any more. */
  private async guarded({ revoked }: Call, work: () => Promise<unknown>): Promise<void> {
    const before = this.standing;
    try {
      revoked.throwIfAborted();
      await work();
    } catch (error) {
      const { standing } = this;
      if (standing.name === 'leading') this.standAt('contested', standing.end);
      if (standing.name !== 'growing' || standing !== before || error instanceof PartitionHaltedError) {
        throw error;
      }
      this.standAt('contested', standing.end);
      this.publisher.discard(standing.file, revoked);
      const code = error instanceof FileStoreError ? error.code : 'unexpected';
      throw new StagingLostError(code, `${standing.file.path} was given up`, { cause: error });
    }
  }

  private async extendBy(call: Call): Promise<Located> {
    const { records } = call.range;
    let here = await this.locate(call.range);
    for (let at = 0; at < records.length;) {
      const isStored = here.name !== 'growing' && BigInt(records[at]!.offset) < here.end.nextOffset;
      if (isStored) at = this.skip(at, here.end, call);
      else [at, here] = await this.extend(at, here, call);
    }
    return here;
  }

  /** The end of the chain is looked up for the assignment's first range, and for one that does not continue the previous. */
  private async locate({ startOffset, nextOffset }: RecordRange): Promise<Located> {
    const { previous, standing, chain } = this;
    const { store } = this.options;
    const continues = previous?.startOffset === startOffset || previous?.nextOffset === startOffset;
    let here = standing;
    if (here.name === 'unlocated' || !continues) {
      const trusted = standing.name === 'unlocated' && isOurCommit(this.assignment, startOffset);
      here = this.standAt('contested', await recoverChain({ store, chain, startOffset, trusted }));
    }
    this.previous = { startOffset, nextOffset };
    return here;
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
      if (end.maxTimestampMs !== undefined && record.timestamp > end.maxTimestampMs) {
        throw this.foreign(`record ${offset} is newer than the files that cover its offset`);
      }
      tally.found(record, this.unreported.owns(offset));
    }
    return at;
  }

  /**
   * Makes the chain longer: by a file, ours or one that is there already, or by what a growing file takes.
   * @returns the index of the next record to deal with (the same one when it is now behind the end and has to be passed
   * over), and where the writer stands.
   */
  private async extend(from: number, here: Located, call: Call): Promise<readonly [number, Located]> {
    const { range, tally, revoked } = call;
    const { records, nextOffset } = range;
    const growing = here.name === 'growing' ? here.file : undefined;
    const startOffset = growing?.startOffset ?? here.end.nextOffset;
    const file = nextFile({ records, from, startOffset, nextOffset });
    if (growing && file.hour !== growing.hour) {
      return [from, await this.finish(here, growing, BigInt(file.records[0]!.offset) - 1n, call)];
    }
    const found = here.name === 'contested' ? await this.look.find(file) : undefined;
    if (found) {
      const end = this.adopt(found, here.end, this.firstOf(startOffset, file.records[0]!));
      return [from, this.standAt('contested', end)];
    }
    const content = jsonLines(file.records, this.lineage, this.lines);
    const until = from + file.records.length;
    if (growing) {
      revoked.throwIfAborted();
      await this.publisher.append(growing, file, content);
    }
    const staged = growing ?? (await this.publisher.stage(file, content, revoked));
    if (call.grows && until === records.length) {
      tally.reject(content.rejected);
      this.standing = { name: 'growing', end: here.end, file: staged };
      return [until, this.standing];
    }
    const next = await this.finish(here, staged, file.endOffset, call, content.lines);
    if (next.name !== 'leading' || next.end.nextOffset !== file.endOffset + 1n) return [from, next];
    tally.published(content.lines);
    tally.reject(content.rejected);
    return [until, next];
  }

  /**
   * Publishes a staged file, or finds what is at its place.
   * @param lines of the current call in it.
   * @throws FileStoreError when it had been growing and another file is there.
   */
  private async finish(
    here: Located,
    staged: StagedFile,
    endOffset: bigint,
    call: Call,
    lines = 0,
  ): Promise<Located> {
    const earlierLines = staged.lines - lines;
    const found = this.look.outdated ? await this.look.find(staged) : undefined;
    // A rename that succeeds from now on proves that the chain ends with our file.
    if (!found) this.look.renew();
    const file = found?.file ?? (await this.publisher.publish(staged, endOffset, call.revoked));
    const isOurs = file.owner === this.owner;
    const asMeant = isOurs && file.endOffset === endOffset;
    if (here.name === 'growing' && !asMeant) {
      throw new FileStoreError('already-exists', 'another file is at its place');
    }
    if (found) this.publisher.discard(staged, call.revoked);
    const end = this.adopt(found ?? { file, starts: true }, here.end, staged);
    if (asMeant) this.unreported.published(earlierLines);
    return this.standAt(isOurs ? 'leading' : 'contested', end);
  }

  private standAt(name: 'contested' | 'leading', end: ChainEnd): Located {
    const standing: Located = { name, end };
    this.standing = standing;
    return standing;
  }

  private firstOf(startOffset: bigint, record: RecordRange['records'][number]): FirstRecord {
    return {
      startOffset,
      firstRecord: recordIdentity(this.chain.topic, record),
      firstOffset: BigInt(record.offset),
    };
  }

  /**
   * Takes the file that lies at the next place of the chain as part of it, whichever writer made it.
   * @returns the end of the chain with it.
   */
  private adopt({ file, starts }: Find, end: ChainEnd, first: FirstRecord): ChainEnd {
    const { topic, partition } = this.chain;
    const { startOffset, firstRecord, firstOffset } = first;
    if (starts && (file.firstRecord !== firstRecord || file.endOffset < firstOffset)) {
      throw this.foreign(`the file at offset ${startOffset} begins with another record`);
    }
    const { endOffset, records } = file;
    const fields = { topic, partition, startOffset: `${startOffset}`, endOffset: `${endOffset}`, records };
    if (file.owner === this.owner) {
      this.unreported.own(startOffset, endOffset);
      this.options.logger.info(fields, 'file published');
    } else {
      this.options.logger.warn({ ...fields, owner: file.owner }, 'file found in place');
    }
    return endAfter(end, file);
  }

  private foreign(what: string): PartitionHaltedError {
    const { topic, partition } = this.chain;
    return new PartitionHaltedError(
      'foreign-file',
      `${topic}/${partition}: ${what}; was the topic recreated?`,
    );
  }
}

/** HDFS as a store of the sink runtime: one chain of files per partition, each record in it exactly once. */
export class HdfsSinkWriter implements SinkWriter {
  constructor(private readonly options: PartitionWriterOptions) {}

  open(assignment: PartitionAssignment): PartitionWriter {
    return new HdfsPartitionWriter(this.options, assignment);
  }
}
