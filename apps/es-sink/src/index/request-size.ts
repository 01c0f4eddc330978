/** Below this a smaller request helps nobody. */
const SMALLEST_BYTES = 64 << 10;

/**
 * How large the next bulk request may be. It halves with each request that failed as a whole and grows by a tenth of
 * the limit with each that did not, so that a store in trouble is asked for less; a size that was refused as too large
 * is not tried again, because the refusal costs its sender a second or two (or a broken connection and no answer).
 */
export class RequestSize {
  private limit: number;
  private current: number;

  constructor(maxBytes: number) {
    this.limit = maxBytes;
    this.current = maxBytes;
  }

  get bytes(): number {
    return this.current;
  }

  succeeded(): void {
    this.current = Math.min(this.limit, this.current + Math.ceil(this.limit / 10));
  }

  failed(): void {
    this.current = Math.min(this.limit, Math.max(SMALLEST_BYTES, Math.floor(this.current / 2)));
  }

  tooLarge(sentBytes: number): void {
    this.limit = Math.min(this.limit, Math.max(SMALLEST_BYTES, Math.floor(sentBytes / 2)));
    this.current = Math.min(this.limit, this.current);
  }
}
