import { setTimeout as pause } from 'node:timers/promises';
import { type GroupPosition } from '@pipeline/testing';

/** How far a group is, over all partitions. */
export interface Progress {
  readonly committed: bigint;
  readonly lag: bigint;
}

/** A partition without a commit counts from its start. */
export function progressOf(positions: readonly GroupPosition[]): Progress {
  let committed = 0n;
  let lag = 0n;
  for (const position of positions) {
    const next = nextOffset(position);
    committed += next;
    lag += position.endOffset - next;
  }
  return { committed, lag };
}

function nextOffset({ committedOffset, startOffset }: GroupPosition): bigint {
  return committedOffset === undefined || committedOffset < startOffset ? startOffset : committedOffset;
}

/**
 * The longest time in which nothing of a partition was committed although records waited in it, or Kafka did not
 * answer. Any change of the committed offset counts as progress, an operator's too.
 */
export class LongestPause {
  private worstMs = 0;
  private readonly partitions = new Map<number, { next: bigint; progressedAtMs: number; waiting: boolean }>();

  get ms(): number {
    return this.worstMs;
  }

  /** @param positions nothing while Kafka does not answer. */
  see(positions: readonly GroupPosition[] | undefined, nowMs: number): void {
    if (positions === undefined) {
      for (const partition of this.partitions.values()) {
        partition.waiting = true;
        this.count(partition.progressedAtMs, nowMs);
      }
      return;
    }
    for (const position of positions) this.seePartition(position, nowMs);
  }

  private seePartition(position: GroupPosition, nowMs: number): void {
    const { partition, endOffset } = position;
    const next = nextOffset(position);
    const known = this.partitions.get(partition);
    const waits = next < endOffset;
    const progressedAtMs = known?.progressedAtMs ?? nowMs;
    if (known?.waiting || waits) this.count(progressedAtMs, nowMs);
    const progressed = known === undefined || known.next !== next || !waits;
    this.partitions.set(partition, {
      next,
      progressedAtMs: progressed ? nowMs : progressedAtMs,
      waiting: waits,
    });
  }

  private count(sinceMs: number, nowMs: number): void {
    this.worstMs = Math.max(this.worstMs, nowMs - sinceMs);
  }
}

const INTERVAL_MS = 200;

/** Looks at consumer groups all the time. */
export class ProgressWatch {
  private readonly stopping = new AbortController();
  private readonly pauses: ReadonlyMap<string, LongestPause>;
  private readonly running: Promise<unknown>;

  constructor(
    groups: readonly string[],
    private readonly look: (group: string) => Promise<readonly GroupPosition[]>,
  ) {
    this.pauses = new Map(groups.map((group) => [group, new LongestPause()]));
    this.running = Promise.all([...this.pauses].map(([group, longest]) => this.watch(group, longest)));
  }

  /** @returns the longest pause of each group, in milliseconds. */
  async stop(): Promise<Record<string, number>> {
    this.stopping.abort();
    await this.running;
    return Object.fromEntries([...this.pauses].map(([group, { ms }]) => [group, Math.round(ms)]));
  }

  private async watch(group: string, longest: LongestPause): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const positions = await this.look(group).catch(() => undefined);
      longest.see(positions, performance.now());
      await pause(INTERVAL_MS);
    }
  }
}
