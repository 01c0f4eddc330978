/** Bytes of all bodies that are on their way in. One slow client is bounded by its body's limit; this bounds them together. */
export class BodyBudget {
  private taken = 0;

  constructor(private readonly maxBytes: number) {}

  get openBytes(): number {
    return this.taken;
  }

  /** @returns false where it does not fit; then nothing is taken. */
  take(bytes: number): boolean {
    if (this.taken + bytes > this.maxBytes) return false;
    this.taken += bytes;
    return true;
  }

  release(bytes: number): void {
    this.taken -= bytes;
  }
}
