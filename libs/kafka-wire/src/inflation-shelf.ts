import { type BatchInflation } from './batch-inflation.ts';
import { type InflationShelf } from './pack-record-set.ts';

/** Each holds its compressed bytes, a piece and what its decoder looks back to: most often 1 to 10 MiB. */
const MOST_KEPT = 4;
/** A partition that is paused for longer is inflated from the beginning of its batch again. */
const KEPT_MS = 60_000;

interface Kept {
  readonly inflation: BatchInflation;
  readonly expiry: NodeJS.Timeout;
}

/**
 * Inflations that wait for the next fetch of their partition. Without it a batch of many parts would be inflated from
 * its beginning for each of them.
 */
export class InflationShelves {
  private readonly kept = new Map<string, Kept>();

  of(partition: string): InflationShelf {
    const hasRoom = (): boolean => this.kept.has(partition) || this.kept.size < MOST_KEPT;
    return {
      take: () => this.take(partition),
      keep: (inflation) => {
        if (!hasRoom()) return false;
        void this.take(partition)?.close();
        const expiry = setTimeout(() => void this.take(partition)?.close(), KEPT_MS).unref();
        this.kept.set(partition, { inflation, expiry });
        return true;
      },
      get hasRoom() {
        return hasRoom();
      },
    };
  }

  private take(partition: string): BatchInflation | undefined {
    const kept = this.kept.get(partition);
    if (!kept) return undefined;
    clearTimeout(kept.expiry);
    this.kept.delete(partition);
    return kept.inflation;
  }
}
