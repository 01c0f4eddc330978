interface KeptFrame {
  readonly sequence: number;
  readonly message: Buffer;
}

/**
 * The newest frames as they were sent, bounded in bytes. A subscriber that was away gets exactly the frames after
 * its last one, as long as they are still here.
 */
export class FrameRing {
  private readonly frames: KeptFrame[] = [];
  private bytes = 0;

  constructor(private readonly maxBytes: number) {}

  /** `sequence` is one more than that of the frame before. */
  push(sequence: number, message: Buffer): void {
    this.frames.push({ sequence, message });
    this.bytes += message.length;
    while (this.bytes > this.maxBytes) this.bytes -= this.frames.shift()?.message.length ?? this.bytes;
  }

  /** The frames after `sequence`, or nothing when some of them are gone or it was never reached. */
  after(sequence: number): Buffer[] | undefined {
    const newest = this.frames.at(-1)?.sequence ?? 0;
    const oldest = this.frames[0]?.sequence ?? newest + 1;
    if (sequence < oldest - 1 || sequence > newest) return undefined;
    return this.frames.slice(sequence - oldest + 1).map(({ message }) => message);
  }
}
