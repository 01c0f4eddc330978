import { type ByteBudget, type PartitionBatch } from '@pipeline/kafka-transport';
import { type Logger, type PipelineMetrics } from '@pipeline/observability';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  type SpoolCheckpoint,
  type SpoolPosition,
} from './spool-checkpoint.ts';
import { decodeEntry, encodeEntry, KINDS, type SpoolEntry } from './spool-entry.ts';
import { SpoolError } from './spool-error.ts';
import { type AppendFile, type SpoolFolder } from './spool-folder.ts';
import { encodeFrame, endOfFrames, readFrame } from './spool-frame.ts';

export interface SpoolLogOptions {
  readonly folder: SpoolFolder;
  /** Bytes on disk, shared with other logs; what would exceed them is refused. */
  readonly budget: ByteBudget;
  readonly segmentBytes: number;
  readonly logger: Logger;
  readonly metrics: PipelineMetrics;
  /** The label of its metrics. */
  readonly topic: string;
}

/** Entries that belong together for the drain, and the position behind them. */
export interface SpoolUnit {
  readonly entries: readonly SpoolEntry[];
  readonly next: SpoolPosition;
}

interface Segment {
  readonly number: number;
  /** Bytes that are on disk for certain. */
  length: number;
}

const MAGIC = Buffer.from('PLSPOOL1');
const CHECKPOINT = 'checkpoint';
const SEGMENT_NAME = /^(\d{10})\.spool$/;

/**
 * Frames on disk in the order in which they were appended, from the position up to which they are in Kafka. Appends,
 * checkpoints and removals run one after the other. Opened once per process; the folder belongs to it alone.
 */
export class SpoolLog {
  private segments: Segment[] = [];
  private file: AppendFile | undefined;
  private position: SpoolPosition = { segment: 0, offset: 0 };
  private pendingBatches: readonly PartitionBatch[] = [];
  private oldestMs: number | undefined;
  private appending = 0;
  private lastWork: Promise<unknown> = Promise.resolve();
  private readonly waiting = new Set<() => void>();
  private countedBytes = 0;

  private constructor(private readonly options: SpoolLogOptions) {}

  /** Finds what an earlier process left behind. Unfinished frames at the end of a segment are cut. */
  static async open(options: SpoolLogOptions): Promise<SpoolLog> {
    const log = new SpoolLog(options);
    await log.recover();
    return log;
  }

  /** Whether a log was ever kept in the folder. */
  static async isIn(folder: SpoolFolder): Promise<boolean> {
    const names = await folder.list();
    return names.some((name) => name === CHECKPOINT || SEGMENT_NAME.test(name));
  }

  get isOccupied(): boolean {
    return this.appending > 0 || this.pendingBatches.length > 0 || this.hasUnread;
  }

  /** What was about to be sent when the last process ended. */
  get pending(): readonly PartitionBatch[] {
    return this.pendingBatches;
  }

  /** Behind `pending`, or behind what was brought to Kafka last. */
  get preparedPosition(): SpoolPosition {
    return this.position;
  }

  get bytes(): number {
    return this.segments.reduce((sum, { length }) => sum + length, 0);
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
    return this.until(() => this.hasUnread || this.pendingBatches.length > 0, signal);
  }

  /** Resolves when all of it is in Kafka, or the signal aborts. */
  emptied(signal: AbortSignal): Promise<void> {
    return this.until(() => !this.isOccupied, signal);
  }

  /**
   * The next entries, together about `maxBytes`. A sealed entry comes alone: its batches must not be mixed.
   * @returns nothing when everything was read.
   */
  async readUnit(maxBytes: number): Promise<SpoolUnit | undefined> {
    const segment = this.unreadSegment();
    if (segment === undefined) return undefined;
    const offset = segment.number === this.position.segment ? this.position.offset : MAGIC.length;
    const bytes = (await this.options.folder.read(nameOf(segment.number))).subarray(0, segment.length);
    const entries: SpoolEntry[] = [];
    let at = offset;
    for (let frame = readFrame(bytes, at); frame; frame = readFrame(bytes, at)) {
      if (entries.length > 0 && (frame.kind === KINDS.sealed || frame.end - offset > maxBytes)) break;
      if (entries.length === 0) this.oldestMs = frame.writtenMs;
      entries.push(decodeEntry(frame.kind, frame.payload));
      at = frame.end;
      if (frame.kind === KINDS.sealed) break;
    }
    if (entries.length === 0)
      throw new SpoolError('spool-damaged', `${nameOf(segment.number)} is unreadable`);
    return { entries, next: { segment: segment.number, offset: at } };
  }

  /** Fixes to the byte what is sent next, before it is sent. */
  prepare(checkpoint: SpoolCheckpoint): Promise<void> {
    return this.exclusively(async () => {
      await this.options.folder.replace(CHECKPOINT, encodeCheckpoint(checkpoint));
      this.position = checkpoint.position;
      this.pendingBatches = checkpoint.pending;
    });
  }

  /** Everything before this position is in Kafka. Segments that are wholly behind it are removed. */
  advance(position: SpoolPosition): Promise<void> {
    return this.exclusively(async () => {
      this.position = position;
      this.pendingBatches = [];
      const isEmpty = !this.hasUnread && this.appending === 0;
      if (isEmpty) await this.closeFile();
      const done = this.segments.filter(
        ({ number }) => number < position.segment || (isEmpty && number === position.segment),
      );
      if (done.length > 0 || isEmpty) await this.forget(done);
      this.report();
      this.wake();
    });
  }

  /** Refreshes the metrics, which grow old by themselves. */
  report(): void {
    const { metrics, topic } = this.options;
    metrics.spoolBytes.set({ topic }, this.bytes);
    const isWaiting = this.hasUnread || this.pendingBatches.length > 0;
    const seconds = isWaiting ? (Date.now() - (this.oldestMs ?? Date.now())) / 1_000 : 0;
    metrics.spoolOldestSeconds.set({ topic }, seconds);
  }

  async close(): Promise<void> {
    await this.exclusively(() => this.closeFile());
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

  private get hasUnread(): boolean {
    return this.unreadSegment() !== undefined;
  }

  private unreadSegment(): Segment | undefined {
    const { segment, offset } = this.position;
    return this.segments.find(({ number, length }) =>
      number === segment ? length > offset : number > segment && length > MAGIC.length,
    );
  }

  private async write(frame: Buffer): Promise<void> {
    const { budget, segmentBytes, topic } = this.options;
    if (!budget.admits(this.bytes, frame.length + MAGIC.length)) {
      throw new SpoolError('spool-full', `The spool holds ${this.bytes} bytes of ${topic}`);
    }
    if ((this.segments.at(-1)?.length ?? 0) + frame.length > segmentBytes) await this.closeFile();
    try {
      const segment = await this.openSegment();
      await this.file!.append(frame);
      if (!this.hasUnread) this.oldestMs = Date.now();
      segment.length += frame.length;
    } catch (error) {
      await this.abandonSegment();
      throw new SpoolError('spool-unwritable', 'The spool cannot write', { cause: error });
    }
  }

  private async openSegment(): Promise<Segment> {
    if (this.file) return this.segments.at(-1)!;
    const number = Math.max(this.segments.at(-1)?.number ?? 0, this.position.segment) + 1;
    this.file = await this.options.folder.create(nameOf(number));
    const segment = { number, length: 0 };
    this.segments.push(segment);
    await this.file.append(MAGIC);
    segment.length = MAGIC.length;
    return segment;
  }

  /** After a failed write nobody knows what is behind the last good frame; nothing is ever appended there. */
  private async abandonSegment(): Promise<void> {
    const segment = this.segments.at(-1);
    await this.closeFile();
    if (segment === undefined) return;
    const name = nameOf(segment.number);
    try {
      await this.options.folder.truncate(name, segment.length);
    } catch (error) {
      this.options.logger.error({ err: error, segment: name }, 'spool segment could not be cut');
    }
  }

  private async closeFile(): Promise<void> {
    const { file } = this;
    this.file = undefined;
    await file?.close().catch(() => undefined);
  }

  private async forget(segments: readonly Segment[]): Promise<void> {
    await this.options.folder.replace(CHECKPOINT, encodeCheckpoint({ position: this.position, pending: [] }));
    this.segments = this.segments.filter((segment) => !segments.includes(segment));
    for (const { number } of segments) await this.options.folder.remove(nameOf(number));
  }

  private async recover(): Promise<void> {
    const { folder } = this.options;
    const names = await folder.list();
    const checkpoint = names.includes(CHECKPOINT)
      ? decodeCheckpoint(await folder.read(CHECKPOINT))
      : undefined;
    this.position = checkpoint?.position ?? this.position;
    this.pendingBatches = checkpoint?.pending ?? [];
    for (const name of [...names].sort()) {
      const number = Number(SEGMENT_NAME.exec(name)?.[1] ?? Number.NaN);
      if (Number.isNaN(number)) continue;
      if (number < this.position.segment) await folder.remove(name);
      else this.segments.push(await this.recoverSegment(number));
    }
    this.countBytes();
    this.report();
  }

  private async recoverSegment(number: number): Promise<Segment> {
    const { folder, logger } = this.options;
    const name = nameOf(number);
    const bytes = await folder.read(name);
    const isOurs = bytes.subarray(0, MAGIC.length).equals(MAGIC);
    const length = isOurs ? endOfFrames(bytes, MAGIC.length) : 0;
    this.oldestMs ??= readFrame(bytes, MAGIC.length)?.writtenMs;
    if (length < bytes.length) {
      logger.warn({ segment: name, cutBytes: bytes.length - length }, 'spool tail cut');
      await folder.truncate(name, length);
    }
    return { number, length };
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

function nameOf(segment: number): string {
  return `${String(segment).padStart(10, '0')}.spool`;
}
