/** When a partition stops instead of moving more of its records to the dead-letter topic. */
export interface DeadLetterLimits {
  /** Largest part of the window that may be refused, in percent; 100 never stops. */
  readonly maxSharePercent: number;
  /** The share is that of the last so many records. */
  readonly windowRecords: number;
  /** Fewer refused records than this in the window never stop the partition. */
  readonly minRecords: number;
}

interface Judged {
  readonly records: number;
  readonly refused: number;
}

/**
 * Counts what part of a partition's latest records the store refused for ever. A bad mapping refuses all of them: then
 * the partition must stop, or its whole topic would end up as dead letters.
 */
export class DeadLetterBreaker {
  private readonly window: Judged[] = [];
  private records = 0;
  private refused = 0;

  /** @param memo what {@link memo} returned when the partition was last committed; anything else starts empty. */
  constructor(
    private readonly limits: DeadLetterLimits,
    memo = '',
  ) {
    const [, refused, records] = /^dlq=(\d{1,9})\/(\d{1,9})$/.exec(memo) ?? [];
    if (records !== undefined) this.add({ records: Number(records), refused: Number(refused) });
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
  allows(judged: Judged): boolean {
    const { maxSharePercent, minRecords } = this.limits;
    const refused = this.refused + judged.refused;
    const records = this.records + judged.records;
    const tooMany = refused >= minRecords && refused * 100 > maxSharePercent * records;
    if (tooMany && judged.refused > 0) return false;
    this.add(judged);
    return true;
  }

  private add(judged: Judged): void {
    this.window.push(judged);
    this.records += judged.records;
    this.refused += judged.refused;
    for (let oldest = this.window[0]; oldest && this.canForget(oldest); oldest = this.window[0]) {
      this.window.shift();
      this.records -= oldest.records;
      this.refused -= oldest.refused;
    }
  }

  private canForget(oldest: Judged): boolean {
    return this.window.length > 1 && this.records - oldest.records >= this.limits.windowRecords;
  }
}
