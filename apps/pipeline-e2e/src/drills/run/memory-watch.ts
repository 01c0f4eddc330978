import { setTimeout as pause } from 'node:timers/promises';
import { residentBytes, watchMemory } from '../../support/memory-peak.ts';

const INTERVAL_MS = 250;

/** What a process took, in bytes. */
export interface MemoryUse {
  /** When the watch began. */
  readonly baseBytes: number;
  /** The most since then, also between two samples. */
  readonly peakBytes: number;
  /** In even steps of time. */
  readonly samples: readonly number[];
}

/** Follows the resident memory of a process. Linux only. */
export class MemoryWatch {
  private readonly stopping = new AbortController();
  private readonly watching: Promise<MemoryUse>;

  constructor(private readonly pid: number) {
    this.watching = this.watch();
    // Whoever stops it hears of a process that has ended.
    this.watching.catch(() => undefined);
  }

  /** @throws when the process has ended meanwhile. */
  stop(): Promise<MemoryUse> {
    this.stopping.abort();
    return this.watching;
  }

  private async watch(): Promise<MemoryUse> {
    const baseBytes = await residentBytes(this.pid);
    const grown = await watchMemory(this.pid);
    const samples = [baseBytes];
    while (!this.stopping.signal.aborted) {
      await pause(INTERVAL_MS);
      samples.push(await residentBytes(this.pid));
    }
    return { baseBytes, peakBytes: baseBytes + (await grown()), samples };
  }
}
