/** When a partition stops instead of moving more of its records to the dead-letter topic. */
export interface DeadLetterLimits {
  /** Largest part of the window that may be refused, in percent; 100 never stops. */
  readonly maxSharePercent: number;
  /** The share is that of the last so many records. */
  readonly windowRecords: number;
  /** Fewer refused records than this in the window never stop the partition. */
  readonly minRecords: number;
}

/** Records about which the store has decided, in the order of their offsets. */
export interface Judged {
  readonly records: number;
  /** Which of them it refused for ever, ascending from 0. */
  readonly refusedAt: readonly number[];
}

const REFUSED = 1;

/**
 * Knows which of a partition's latest records the store refused for ever. A bad mapping refuses all of them: then the
 * partition must stop, or its whole topic would end up as dead letters. Each record is judged in the window that ends
 * with it, so that a large flush hides nothing among its good records.
 */
export class DeadLetterBreaker {
  private window: Uint8Array;
  private next = 0;
  private records = 0;
  private refused = 0;

  /** @param memo what {@link memo} returned when the partition was last committed; anything else starts empty. */
  constructor(
    private readonly limits: DeadLetterLimits,
    memo = '',
  ) {
    this.window = new Uint8Array(limits.windowRecords);
    const [, refused, records] = /^dlq=(\d{1,9})\/(\d{1,9})$/.exec(memo) ?? [];
    if (records === undefined) return;
    this.add(0, Number(records) - Number(refused));
    this.add(REFUSED, Number(refused));
  }

  /** Refused part of the window, 0 to 1. */
  get share(): number {
    return this.records === 0 ? 0 : this.refused / this.records;
  }

  /** The window in a few characters, so that a restart or another owner of the partition goes on with it. */
  get memo(): string {
    return `dlq=${this.refused}/${this.records}`;
  }

  /** @returns whether the refused ones of these records may become dead letters; when not, they are not counted. */
  allows({ records, refusedAt }: Judged): boolean {
    const before = { window: refusedAt.length > 0 ? this.window.slice() : this.window, ...this.counts() };
    let passed = 0;
    for (const position of refusedAt) {
      this.add(0, position - passed);
      this.add(REFUSED, 1);
      passed = position + 1;
      if (this.tooMany()) {
        Object.assign(this, before);
        return false;
      }
    }
    this.add(0, records - passed);
    return true;
  }

  private counts() {
    const { next, records, refused } = this;
    return { next, records, refused };
  }

  private tooMany(): boolean {
    const { maxSharePercent, minRecords } = this.limits;
    return this.refused >= minRecords && this.refused * 100 > maxSharePercent * this.records;
  }

  private add(outcome: number, count: number): void {
    const { length } = this.window;
    for (let i = Math.max(0, count - length); i < count; i++) {
      this.refused += outcome - (this.window[this.next] ?? 0);
      this.window[this.next] = outcome;
      this.next = (this.next + 1) % length;
    }
    this.records = Math.min(length, this.records + Math.max(0, count));
  }
}
