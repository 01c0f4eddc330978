import { FileStoreError } from './file-store-error.ts';

const CHUNK_BYTES = 1 << 20;
/** Without a piece for so long an upload ends: a server between us and HDFS would soon close the connection. */
const QUIET_MS = 1_000;
/** Nor does it go on for longer: until its end the file keeps the time at which it was opened, and may look deserted. */
const LONGEST_MS = 30_000;

interface Piece {
  readonly body: Buffer;
  readonly left: () => void;
}

/** What sends a flow. */
export interface FlowBody {
  /** Chunks of all pieces, in order. Can be begun again as long as no piece has left. */
  readonly chunks: () => AsyncIterable<Buffer>;
  /** Aborted when the upload is to be given up. */
  readonly deadline: AbortSignal;
}

/**
 * The body of one upload, piece by piece. Whoever waits for it waits no longer than the time-out; between two pieces it may
 * be quiet, for a while.
 */
export class PieceFlow {
  /** Settles with the upload: the server has acknowledged every piece, or the file holds any part of them. */
  readonly outcome: Promise<void>;
  private readonly waiting: Piece[] = [];
  private readonly startedMs = performance.now();
  private readonly givenUp = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private hasLeft = false;
  private isEnded = false;
  private wake = (): void => undefined;

  constructor(
    private readonly timeoutMs: number,
    send: (body: FlowBody) => Promise<void>,
  ) {
    this.outcome = send({ chunks: () => this.chunks(), deadline: this.givenUp.signal });
    this.outcome.catch(() => undefined).finally(() => this.settled());
  }

  /** Whether another piece may follow. */
  get isOpen(): boolean {
    return !this.isEnded && performance.now() - this.startedMs < LONGEST_MS;
  }

  /** Resolves when the piece has left; only {@link end} says that it has arrived. */
  async push(body: Buffer): Promise<void> {
    this.expect();
    const left = new Promise<void>((resolve) => this.waiting.push({ body, left: resolve }));
    this.wake();
    await Promise.race([left, this.outcome]);
  }

  /** Resolves when the server has acknowledged every piece. */
  end(): Promise<void> {
    if (!this.isEnded) {
      this.isEnded = true;
      this.expect();
      this.wake();
    }
    return this.outcome;
  }

  destroy(): void {
    this.isEnded = true;
    this.givenUp.abort();
  }

  private async *chunks(): AsyncIterable<Buffer> {
    if (this.hasLeft) throw new FileStoreError('broken-connection', 'A part of the body has gone elsewhere');
    for (;;) {
      const piece = this.waiting[0];
      if (piece) {
        yield* chunksOf(piece.body);
        this.hasLeft = true;
        this.waiting.shift();
        piece.left();
      } else if (this.isEnded) return;
      else await this.next();
    }
  }

  private next(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.end().catch(() => undefined), this.quietMs);
    return new Promise((resolve) => (this.wake = resolve));
  }

  private get quietMs(): number {
    return Math.min(QUIET_MS, this.timeoutMs / 2);
  }

  private expect(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.givenUp.abort(), this.timeoutMs);
  }

  private settled(): void {
    this.isEnded = true;
    clearTimeout(this.timer);
  }
}

export function* chunksOf(body: Buffer): Generator<Buffer> {
  for (let at = 0; at < body.length; at += CHUNK_BYTES) yield body.subarray(at, at + CHUNK_BYTES);
}
