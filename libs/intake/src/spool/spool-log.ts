import { type ByteBudget, type PartitionBatch } from '@pipeline/kafka-transport';
import { type Logger } from '@pipeline/observability';
import { type IntakeMetrics } from '../intake-metrics.ts';
import { CHECKPOINT_FILE, CheckpointFile } from './checkpoint-file.ts';
import { decodeEarlierCheckpoint, type SealedUnit, type SpoolPosition } from './spool-checkpoint.ts';
import { decodeEntry, encodeEntry, KINDS, type SpoolEntry } from './spool-entry.ts';
import { SpoolError, type SpoolFolder } from './spool-folder.ts';
import { encodeFrame, readFrame } from './spool-frame.ts';
import { FIRST_FRAME, segmentNumber, SpoolSegments } from './spool-segments.ts';

export interface SpoolLogOptions {
  readonly folder: SpoolFolder;
  /** Bytes on disk, shared with other logs; what would exceed them is refused. */
  readonly budget: ByteBudget;
  readonly segmentBytes: number;
  readonly logger: Logger;
  readonly metrics: IntakeMetrics;
  /** The label of its metrics. */
  readonly topic: string;
}

/** Entries that belong together for the drain, and the position behind them. */
export interface SpoolUnit {
  readonly entries: readonly SpoolEntry[];
  readonly next: SpoolPosition;
  /** As whom they were about to be sent before. */
  readonly sealed?: SealedUnit;
}

/** Of a version before. */
const EARLIER_CHECKPOINT = 'checkpoint';
/**
 * Frames on disk in the order in which they were appended, from the position up to which they are in Kafka. Appends,
 * checkpoints and removals run one after the other. Opened once per process; the folder belongs to it alone.
 */
export class SpoolLog {
  private readonly segments: SpoolSegments;
  private position: SpoolPosition = { segment: 0, offset: 0 };
  private sealed: SealedUnit | undefined;
  private earlierBatches: readonly PartitionBatch[] | undefined;
  private oldestMs: number | undefined;
  private appending = 0;
  private lastWork: Promise<unknown> = Promise.resolve();
  private readonly waiting = new Set<() => void>();
  private countedBytes = 0;

  private readonly checkpoint: CheckpointFile;

  private constructor(private readonly options: SpoolLogOptions) {
    this.segments = new SpoolSegments(options.folder, options.logger);
    this.checkpoint = new CheckpointFile(options.folder);
  }

  /** Finds what an earlier process left behind. Unfinished frames at the end of a segment are cut. */
  static async open(options: SpoolLogOptions): Promise<SpoolLog> {
    const log = new SpoolLog(options);
    await log.recover();
    return log;
  }

  /** Whether a log is kept in the folder. What is left of the checkpoint of one that is not is removed. */
  static async isIn(folder: SpoolFolder): Promise<boolean> {
    const names = await folder.list();
    const isKept = names.some((name) => name === EARLIER_CHECKPOINT || segmentNumber(name) !== undefined);
    if (!isKept) await folder.remove(CHECKPOINT_FILE);
    return isKept;
  }

  get isOccupied(): boolean {
    return this.appending > 0 || this.hasWork;
  }

  /** What a version before was about to send, to the byte; it comes before all units. */
  get earlier(): readonly PartitionBatch[] {
    return this.earlierBatches ?? [];
  }

  /** As whom the next unit is about to be sent. */
  get prepared(): SealedUnit | undefined {
    return this.sealed;
  }

  get bytes(): number {
    return this.segments.bytes;
  }

  /** Durable when it resolves. @throws SpoolError (as rejection) `spool-full`, `spool-unwritable`. */
  async append(entry: SpoolEntry): Promise<void> {
    this.appending += 1;
    try {
      await this.exclusively(() =>
        this.write(encodeFrame(KINDS[entry.kind], Date.now(), encodeEntry(entry))),
      );
    } finally {
      this.appending -= 1;
    }
    this.report();
    this.wake();
  }

  /** Resolves when there is something to bring to Kafka, or the signal aborts. */
  occupied(signal: AbortSignal): Promise<void> {
    return this.until(() => this.hasWork, signal);
  }

  /** Resolves when all of it is in Kafka, or the signal aborts. */
  emptied(signal: AbortSignal): Promise<void> {
    return this.until(() => !this.isOccupied, signal);
  }

  /**
   * The next entries, together about `maxBytes`, or those that were prepared. A sealed entry comes alone: its batches must
   * not be mixed.
   * @returns nothing when everything was read.
   */
  async readUnit(maxBytes: number): Promise<SpoolUnit | undefined> {
    const segment = this.segments.unread(this.position);
    if (segment === undefined) return undefined;
    const { sealed } = this;
    const offset = segment.number === this.position.segment ? this.position.offset : FIRST_FRAME;
    const bytes = (await this.segments.read(segment)).subarray(0, sealed?.end.offset ?? segment.length);
    const entries: SpoolEntry[] = [];
    let at = offset;
    for (let frame = readFrame(bytes, at); frame; frame = readFrame(bytes, at)) {
      const isTooMuch = sealed === undefined && frame.end - offset > maxBytes;
      if (entries.length > 0 && (frame.kind === KINDS.sealed || isTooMuch)) break;
      if (entries.length === 0) this.oldestMs = frame.writtenMs;
      entries.push(decodeEntry(frame.kind, frame.payload));
      at = frame.end;
      if (frame.kind === KINDS.sealed) break;
    }
    const next = { segment: segment.number, offset: at };
    const isOther = sealed !== undefined && (sealed.end.segment !== next.segment || sealed.end.offset !== at);
    if (entries.length === 0 || isOther)
      throw new SpoolError('spool-damaged', `Segment ${segment.number} is unreadable`);
    return { entries, next, ...(sealed && { sealed }) };
  }

  /** Fixes as whom the next unit is sent, before it is sent. */
  prepare(sealed: SealedUnit): Promise<void> {
    return this.exclusively(async () => {
      await this.save(this.position, sealed);
      this.sealed = sealed;
    });
  }

  /** Everything before this position is in Kafka. Segments that are wholly behind it are removed. */
  advance(position: SpoolPosition): Promise<void> {
    return this.exclusively(async () => {
      this.position = position;
      this.sealed = undefined;
      const isEmpty = !this.hasWork && this.appending === 0;
      if (isEmpty) await this.segments.closeFile();
      const firstKept = isEmpty ? position.segment + 1 : position.segment;
      if (isEmpty || this.segments.haveBefore(firstKept)) {
        await this.save(position);
        await this.segments.removeBefore(firstKept);
      }
      this.report();
      this.wake();
    });
  }

  /** What a version before was about to send is in Kafka. */
  async forgetEarlier(): Promise<void> {
    await this.exclusively(() => this.save(this.position));
    this.earlierBatches = undefined;
    await this.advance(this.position);
  }

  /** Refreshes the metrics, which grow old by themselves. */
  report(): void {
    const { metrics, topic } = this.options;
    metrics.spoolBytes.set({ topic }, this.bytes);
    const seconds = this.hasWork ? (Date.now() - (this.oldestMs ?? Date.now())) / 1_000 : 0;
    metrics.spoolOldestSeconds.set({ topic }, seconds);
  }

  async close(): Promise<void> {
    await this.exclusively(async () => {
      await this.segments.closeFile();
      await this.checkpoint.close();
    });
  }

  private get hasWork(): boolean {
    return this.earlier.length > 0 || this.segments.unread(this.position) !== undefined;
  }

  private async until(condition: () => boolean, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !condition()) {
      await new Promise<void>((resolve) => {
        const go = (): void => {
          signal.removeEventListener('abort', go);
          resolve();
        };
        this.waiting.add(go);
        signal.addEventListener('abort', go);
      });
    }
  }

  private wake(): void {
    for (const go of this.waiting) go();
    this.waiting.clear();
  }

  private async write(frame: Buffer): Promise<void> {
    const { budget, segmentBytes, topic } = this.options;
    if (!budget.admits(this.bytes, frame.length + FIRST_FRAME)) {
      throw new SpoolError('spool-full', `The spool holds ${this.bytes} bytes of ${topic}`);
    }
    if (this.segments.lastLength + frame.length > segmentBytes) await this.segments.closeFile();
    try {
      await this.checkpoint.reserve();
      const hadWork = this.hasWork;
      await this.segments.append(frame, this.position.segment);
      if (!hadWork) this.oldestMs = Date.now();
    } catch (error) {
      await this.segments.abandonLast();
      throw new SpoolError('spool-unwritable', 'The spool cannot write', { cause: error });
    }
  }

  private async save(position: SpoolPosition, sealed?: SealedUnit): Promise<void> {
    await this.checkpoint.write({ position, ...(sealed && { sealed }) });
    // Before this was written the file was needed, and now it is wrong.
    await this.options.folder.remove(EARLIER_CHECKPOINT);
  }

  private async recover(): Promise<void> {
    const { folder, logger, topic } = this.options;
    const names = await folder.list();
    await this.recoverPosition(names);
    for (const name of [...names].sort()) {
      const number = segmentNumber(name);
      if (number === undefined) continue;
      if (number < this.position.segment) await folder.remove(name);
      else await this.recoverSegment(number);
    }
    // A disk that is full by now must not keep the collector from draining it.
    await this.checkpoint.reserve().catch((error: unknown) => {
      logger.error({ err: error, topic }, 'spool has no room for its checkpoint');
    });
    this.countBytes();
    this.report();
  }

  private async recoverPosition(names: readonly string[]): Promise<void> {
    const { folder } = this.options;
    const checkpoint = names.includes(CHECKPOINT_FILE) ? await this.checkpoint.read() : undefined;
    this.position = checkpoint?.position ?? this.position;
    this.sealed = checkpoint?.sealed;
    if (checkpoint !== undefined || !names.includes(EARLIER_CHECKPOINT)) return;
    const earlier = decodeEarlierCheckpoint(await folder.read(EARLIER_CHECKPOINT));
    this.position = earlier?.position ?? this.position;
    this.earlierBatches = earlier?.batches;
  }

  private async recoverSegment(number: number): Promise<void> {
    const writtenMs = await this.segments.recover(number);
    this.oldestMs ??= writtenMs;
  }

  private exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.lastWork.then(work).finally(() => this.countBytes());
    this.lastWork = result.catch(() => undefined);
    return result;
  }

  private countBytes(): void {
    this.options.budget.total += this.bytes - this.countedBytes;
    this.countedBytes = this.bytes;
  }
}
