import { randomUUID } from 'node:crypto';
import { LineageAppender } from '@pipeline/event-schema';
import { type PartitionAssignment } from '@pipeline/kafka-transport';
import { type Logger } from '@pipeline/observability';
import {
  PartitionHaltedError,
  type PartitionWriter,
  type RecordRange,
  type WriteReport,
} from '@pipeline/sink-runtime';
import { type FileAttributes } from '../hdfs/file-attributes.ts';
import { type FileStore } from '../hdfs/file-store.ts';
import { type ChainEnd, endAfter } from '../recover/chain-end.ts';
import { describedFile } from '../recover/described-file.ts';
import { isOurCommit, recoverChain } from '../recover/recover-chain.ts';
import { type CommitStepHook } from './commit-steps.ts';
import { type ChainId, type Compression, COMPRESSIONS, finalPath } from './file-name.ts';
import { FilePublisher } from './file-publisher.ts';
import { jsonLines } from './json-lines.ts';
import { nextFile, type NextFile } from './next-file.ts';
import { recordIdentity } from './record-identity.ts';
import { WriteTally } from './write-tally.ts';

export interface PartitionWriterOptions {
  readonly store: FileStore;
  readonly root: string;
  readonly compression: Compression;
  readonly hook: CommitStepHook;
  readonly logger: Logger;
}

/**
 * Continues one partition's chain of files during one assignment.
 *
 * A file is named by its start offset, and starts where the one before it ends. So all writers that stand at the same
 * place of the chain compute the same name, and the store lets one of them have it. Who comes second (a zombie, or a
 * replay after a crash between rename and offset commit) reads from the winner where to go on.
 *
 * Rejected records and gaps lie inside a file's range without being in the file, and a range that holds nothing else
 * still becomes an empty file. Without it a zombie at the old name and the next owner behind the gap would stand at
 * two places of the chain, and both would win.
 */
export class HdfsPartitionWriter implements PartitionWriter {
  private readonly owner = randomUUID();
  private readonly chain: ChainId;
  private readonly lineage: LineageAppender;
  private readonly publisher: FilePublisher;
  private end: ChainEnd | undefined;
  private previous: RecordRange | undefined;
  /** Whether a file may already lie at the next name; then a status call saves an upload. */
  private looking = true;
  /** Start and end offsets of files of ours that no report has counted yet. */
  private uncounted: (readonly [bigint, bigint])[] = [];

  constructor(
    private readonly options: PartitionWriterOptions,
    private readonly assignment: PartitionAssignment,
  ) {
    const { store, root, compression, hook } = options;
    const { topic, partition } = assignment;
    this.chain = { root, topic, partition };
    this.lineage = new LineageAppender(topic, partition);
    this.publisher = new FilePublisher({ store, chain: this.chain, compression, owner: this.owner, hook });
  }

  async write(range: RecordRange, revoked: AbortSignal): Promise<WriteReport> {
    const tally = new WriteTally();
    try {
      revoked.throwIfAborted();
      let end = await this.locate(range);
      for (let at = 0; at < range.records.length; end = this.end ?? end) {
        if (BigInt(range.records[at]!.offset) < end.nextOffset) at = this.skip(range, at, end, tally);
        else at += await this.extend(range, at, end, { tally, revoked });
      }
      if (end.nextOffset !== range.nextOffset) await this.publisher.point(range.nextOffset, end, revoked);
      await this.options.hook('before-offset-commit');
    } catch (error) {
      this.looking = true;
      throw error;
    }
    this.uncounted = [];
    return tally.report();
  }

  /** The end of the chain, looked up when this is the assignment's first range or does not continue the previous one. */
  private async locate(range: RecordRange): Promise<ChainEnd> {
    const { previous, chain } = this;
    const { store } = this.options;
    const { startOffset } = range;
    const continues = previous?.startOffset === startOffset || previous?.nextOffset === startOffset;
    if (!this.end || !continues) {
      const trusted = !previous && isOurCommit(this.assignment, startOffset);
      this.end = await recoverChain({ store, chain, startOffset, trusted });
      this.looking = true;
    }
    this.previous = range;
    return this.end;
  }

  /**
   * Passes over records that a file covers.
   * @returns the index behind them.
   */
  private skip(range: RecordRange, from: number, end: ChainEnd, tally: WriteTally): number {
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
   * Makes the chain longer by one file, ours or one that is there already.
   * @returns how many records are dealt with; 0 when they are now behind the end and have to be passed over.
   */
  private async extend(
    range: RecordRange,
    from: number,
    { nextOffset: startOffset }: ChainEnd,
    { tally, revoked }: { tally: WriteTally; revoked: AbortSignal },
  ): Promise<number> {
    const { records, nextOffset } = range;
    const file = nextFile({ records, from, startOffset, nextOffset });
    const found = this.looking ? await this.find(file) : undefined;
    if (found) {
      this.adopt(file, found);
      return 0;
    }
    const content = jsonLines(file.records, this.lineage);
    const holder = await this.publisher.publish(file, content, revoked);
    this.adopt(file, holder);
    this.looking = holder.owner !== this.owner;
    if (this.looking || holder.endOffset !== file.endOffset) return 0;
    tally.published(content);
    return file.records.length;
  }

  /** A file at this place of the chain; the compression setting may have been another one when it was written. */
  private async find({ startOffset, hour }: NextFile): Promise<FileAttributes | undefined> {
    const { store } = this.options;
    const paths = COMPRESSIONS.map((compression) => finalPath(this.chain, startOffset, hour, compression));
    const files = await Promise.all(paths.map((path) => describedFile(store, path)));
    return files.find((file) => file !== undefined);
  }

  /** Takes the file that lies at the next place of the chain as part of it, whoever made it. */
  private adopt(file: NextFile, holder: FileAttributes): void {
    const first = file.records[0]!;
    const { topic, partition } = this.chain;
    const { startOffset } = file;
    if (holder.firstRecord !== recordIdentity(topic, first) || holder.endOffset < BigInt(first.offset)) {
      throw this.foreign(`the file at offset ${startOffset} begins with another record`);
    }
    const byUs = holder.owner === this.owner;
    if (byUs) this.uncounted.push([startOffset, holder.endOffset]);
    this.end = endAfter(this.end, holder);
    const { endOffset, records } = holder;
    const fields = { topic, partition, startOffset: `${startOffset}`, endOffset: `${endOffset}`, records };
    if (byUs) this.options.logger.info(fields, 'file published');
    else this.options.logger.warn({ ...fields, owner: holder.owner }, 'file found in place');
  }

  private foreign(what: string): PartitionHaltedError {
    const { topic, partition } = this.chain;
    return new PartitionHaltedError(
      'foreign-file',
      `${topic}/${partition}: ${what}; was the topic recreated?`,
    );
  }
}
