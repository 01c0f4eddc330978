import { type Logger } from '@pipeline/observability';
import { type SpoolPosition } from './spool-checkpoint.ts';
import { type AppendFile, type SpoolFolder } from './spool-folder.ts';
import { endOfFrames, readFrame } from './spool-frame.ts';

export interface Segment {
  readonly number: number;
  /** Bytes that are on disk for certain. */
  length: number;
}

const MAGIC = Buffer.from('PLSPOOL1');
/** Where the first frame of a segment begins. */
export const FIRST_FRAME = MAGIC.length;
const SEGMENT_NAME = /^(\d{10})\.spool$/;

/** @returns undefined for a file that is no segment. */
export function segmentNumber(name: string): number | undefined {
  const digits = SEGMENT_NAME.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function nameOf(segment: number): string {
  return `${String(segment).padStart(10, '0')}.spool`;
}

/** The files of a spool log, in their order; frames are appended to the last. Not for concurrent use. */
export class SpoolSegments {
  private segments: Segment[] = [];
  private file: AppendFile | undefined;

  constructor(
    private readonly folder: SpoolFolder,
    private readonly logger: Logger,
  ) {}

  get bytes(): number {
    return this.segments.reduce((sum, { length }) => sum + length, 0);
  }

  get lastLength(): number {
    return this.segments.at(-1)?.length ?? 0;
  }

  /** The first with a frame behind the position. */
  unread({ segment, offset }: SpoolPosition): Segment | undefined {
    return this.segments.find(({ number, length }) =>
      number === segment ? length > offset : number > segment && length > FIRST_FRAME,
    );
  }

  read({ number }: Segment): Promise<Buffer> {
    return this.folder.read(nameOf(number));
  }

  /** Durable when it resolves; into a new segment, with a number behind `after`, where none is open. */
  async append(frame: Buffer, after: number): Promise<void> {
    const segment = await this.openSegment(after);
    await this.file!.append(frame);
    segment.length += frame.length;
  }

  async closeFile(): Promise<void> {
    const { file } = this;
    this.file = undefined;
    await file?.close().catch(() => undefined);
  }

  /**
   * After a failed write it is unknown what is behind the last good frame; nothing is ever appended there. A segment
   * without a frame is removed: a disk that is full for long would be left with nothing but such files.
   */
  async abandonLast(): Promise<void> {
    const segment = this.segments.at(-1);
    if (this.file === undefined || segment === undefined) return;
    await this.closeFile();
    const name = nameOf(segment.number);
    try {
      if (segment.length > FIRST_FRAME) return await this.folder.truncate(name, segment.length);
      await this.folder.remove(name);
      this.segments.pop();
    } catch (error) {
      this.logger.error({ err: error, segment: name }, 'spool segment could not be cut');
    }
  }

  haveBefore(number: number): boolean {
    return this.segments.some((segment) => segment.number < number);
  }

  async removeBefore(number: number): Promise<void> {
    const done = this.segments.filter((segment) => segment.number < number);
    this.segments = this.segments.filter((segment) => !done.includes(segment));
    for (const segment of done) await this.folder.remove(nameOf(segment.number));
  }

  /**
   * Takes up a segment that an earlier process left; an unfinished frame at its end is cut, one without a frame removed.
   * @returns when its first frame was written; undefined where it has none.
   */
  async recover(number: number): Promise<number | undefined> {
    const { folder, logger } = this;
    const name = nameOf(number);
    const bytes = await folder.read(name);
    const isOurs = bytes.subarray(0, MAGIC.length).equals(MAGIC);
    const length = isOurs ? endOfFrames(bytes, FIRST_FRAME) : 0;
    if (length < bytes.length)
      logger.warn({ segment: name, cutBytes: bytes.length - length }, 'spool tail cut');
    if (length <= FIRST_FRAME) {
      await folder.remove(name);
      return undefined;
    }
    if (length < bytes.length) await folder.truncate(name, length);
    this.segments.push({ number, length });
    return readFrame(bytes, FIRST_FRAME)?.writtenMs;
  }

  private async openSegment(after: number): Promise<Segment> {
    if (this.file) return this.segments.at(-1)!;
    const number = Math.max(this.segments.at(-1)?.number ?? 0, after) + 1;
    const name = nameOf(number);
    const file = await this.folder.create(name);
    try {
      await file.append(MAGIC);
    } catch (error) {
      await file.close().catch(() => undefined);
      await this.folder.remove(name);
      throw error;
    }
    const segment = { number, length: FIRST_FRAME };
    this.segments.push(segment);
    this.file = file;
    return segment;
  }
}
