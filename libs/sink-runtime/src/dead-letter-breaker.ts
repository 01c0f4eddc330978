import { type KafkaRecord } from '@pipeline/kafka-transport';

/** When a partition stops instead of moving more of its records to the dead-letter topic: all of it together. */
export interface DeadLetterLimits {
  /** For so long the store has taken no record; 0 never stops. */
  readonly minMs: number;
  /** Records of so many keys were refused meanwhile. */
  readonly minKeys: number;
}

/** What the store itself has answered to one flush. A record that was judged before the store saw it is in neither. */
export interface StoreAnswers {
  /** Written or found there. */
  readonly taken: number;
  readonly refused: readonly KafkaRecord[];
}

/**
 * Tells a store that takes nothing any more from a sender of what it refuses. A broken mapping refuses every record of
 * every sender: then the partition must stop, or its whole topic would end up as dead letters. One sender can make many
 * such records, of many keys, but cannot keep the store from taking those of the others: each record that it takes
 * begins the count anew.
 */
export class DeadLetterBreaker {
  /** Hashes: a few characters each in a commit's metadata, and two keys that share one count as one. */
  private readonly keys = new Set<number>();
  private sinceMs = 0;
  /** Records that the store refused since it last took one. */
  refusedInARow = 0;

  /** @param memo what {@link memo} returned when the partition was last committed; anything else starts anew. */
  constructor(
    private readonly limits: DeadLetterLimits,
    memo = '',
    private readonly nowMs: () => number = Date.now,
  ) {
    const [, refused, since, keys] = /^dlq=(\d{1,12}),(\d{1,15}),([0-9a-z.]{0,2000})$/.exec(memo) ?? [];
    if (keys === undefined) return;
    this.refusedInARow = Number(refused);
    this.sinceMs = Number(since);
    for (const key of keys.split('.')) this.keys.add(Number.parseInt(key, 36));
  }

  /** The count in a few characters, so that a restart or another owner of the partition continues it. */
  get memo(): string {
    if (this.refusedInARow === 0) return '';
    return `dlq=${this.refusedInARow},${this.sinceMs},${Array.from(this.keys, (key) => key.toString(36)).join('.')}`;
  }

  /** @returns whether the refused records may become dead letters. */
  allows({ taken, refused }: StoreAnswers): boolean {
    if (taken > 0) this.restart();
    else if (refused.length > 0) this.count(refused);
    const { minMs, minKeys } = this.limits;
    const isSpread = this.keys.size >= minKeys && this.nowMs() - this.sinceMs >= minMs;
    return minMs === 0 || refused.length === 0 || this.refusedInARow === 0 || !isSpread;
  }

  private restart(): void {
    this.refusedInARow = 0;
    this.keys.clear();
  }

  private count(refused: readonly KafkaRecord[]): void {
    if (this.refusedInARow === 0) this.sinceMs = this.nowMs();
    this.refusedInARow += refused.length;
    for (const { key } of refused) {
      if (this.keys.size >= this.limits.minKeys) return;
      this.keys.add(hashOf(key));
    }
  }
}

/** FNV-1a, 32 bits. Records without a key have one sender, for all that is known. */
function hashOf(key: Buffer | null): number {
  let hash = 0x811c9dc5;
  for (const byte of key ?? []) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
