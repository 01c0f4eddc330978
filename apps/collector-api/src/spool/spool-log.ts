import { type ByteBudget, type PartitionBatch } from '@pipeline/kafka-transport';
import { type Logger, type PipelineMetrics } from '@pipeline/observability';
import { CHECKPOINT_FILE, CheckpointFile } from './checkpoint-file.ts';
import { decodeEarlierCheckpoint, type SealedUnit, type SpoolPosition } from './spool-checkpoint.ts';
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
  /** As whom they were about to be sent before. */
  readonly sealed?: SealedUnit;
}

interface Segment {
  readonly number: number;
  /** Bytes that are on disk for certain. */
  length: number;
}

const MAGIC = Buffer.from('PLSPOOL1');
/** Of a version before. */
const EARLIER_CHECKPOINT = 'checkpoint';
const SEGMENT_NAME = /^(\d{10})\.spool$/;

/**
 * Frames on disk in the order in which they were appended, from the position up to which they are in Kafka. Appends,
 * checkpoints and removals run one after the other. Opened once per process; the folder belongs to it alone.
 */
export class SpoolLog {
  private segments: Segment[] = [];
  private file: AppendFile | undefined;
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
    const isKept = names.some((name) => name === EARLIER_CHECKPOINT || SEGMENT_NAME.test(name));
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
    const segment = this.unreadSegment();
    if (segment === undefined) return undefined;
    const { sealed } = this;
    const offset = segment.number === this.position.segment ? this.position.offset : MAGIC.length;
    const bytes = (await this.options.folder.read(nameOf(segment.number))).subarray(
      0,
      sealed?.end.offset ?? segment.length,
    );
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
      throw new SpoolError('spool-damaged', `${nameOf(segment.number)} is unreadable`);
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
      if (isEmpty) await this.closeFile();
      const done = this.segments.filter(
        ({ number }) => number < position.segment || (isEmpty && number === position.segment),
      );
      if (done.length > 0 || isEmpty) await this.forget(done);
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
      await this.closeFile();
      await this.checkpoint.close();
    });
  }

  private get hasWork(): boolean {
    return this.earlier.length > 0 || this.unreadSegment() !== undefined;
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
      await this.checkpoint.reserve();
      const segment = await this.openSegment();
      await this.file!.append(frame);
      if (!this.hasWork) this.oldestMs = Date.now();
      segment.length += frame.length;
    } catch (error) {
      await this.abandonSegment();
      throw new SpoolError('spool-unwritable', 'The spool cannot write', { cause: error });
    }
  }

  private async openSegment(): Promise<Segment> {
    if (this.file) return this.segments.at(-1)!;
    const number = Math.max(this.segments.at(-1)?.number ?? 0, this.position.segment) + 1;
    const name = nameOf(number);
    const file = await this.options.folder.create(name);
    try {
      await file.append(MAGIC);
    } catch (error) {
      await file.close().catch(() => undefined);
      await this.options.folder.remove(name);
      throw error;
    }
    const segment = { number, length: MAGIC.length };
    this.segments.push(segment);
    this.file = file;
    return segment;
  }

  /**
   * After a failed write nobody knows what is behind the last good frame; nothing is ever appended there. A segment
   * without a frame is removed: a disk that is full for long would be left with nothing but such files.
   */
  private async abandonSegment(): Promise<void> {
    const segment = this.segments.at(-1);
    if (this.file === undefined || segment === undefined) return;
    await this.closeFile();
    const { folder, logger } = this.options;
    const name = nameOf(segment.number);
    try {
      if (segment.length > MAGIC.length) return await folder.truncate(name, segment.length);
      await folder.remove(name);
      this.segments.pop();
    } catch (error) {
      logger.error({ err: error, segment: name }, 'spool segment could not be cut');
    }
  }

  private async closeFile(): Promise<void> {
    const { file } = this;
    this.file = undefined;
    await file?.close().catch(() => undefined);
  }

  private async forget(segments: readonly Segment[]): Promise<void> {
    await this.save(this.position);
    this.segments = this.segments.filter((segment) => !segments.includes(segment));
    for (const { number } of segments) await this.options.folder.remove(nameOf(number));
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
      const number = Number(SEGMENT_NAME.exec(name)?.[1] ?? Number.NaN);
      if (Number.isNaN(number)) continue;
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
    const { folder, logger } = this.options;
    const name = nameOf(number);
    const bytes = await folder.read(name);
    const isOurs = bytes.subarray(0, MAGIC.length).equals(MAGIC);
    const length = isOurs ? endOfFrames(bytes, MAGIC.length) : 0;
    if (length < bytes.length)
      logger.warn({ segment: name, cutBytes: bytes.length - length }, 'spool tail cut');
    if (length <= MAGIC.length) return folder.remove(name);
    if (length < bytes.length) await folder.truncate(name, length);
    this.oldestMs ??= readFrame(bytes, MAGIC.length)?.writtenMs;
    this.segments.push({ number, length });
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
