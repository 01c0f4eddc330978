/** The records of one partition that were received in one second. */
interface Cell {
  count: number;
  firstOffset: number;
  lastOffset: number;
}

/** From where to where a group has committed; `undefined` where that is not known. */
export type CommittedUpTo = (topic: string, partition: number) => bigint | undefined;

/** A span of time by which events were received, whole seconds since the epoch: `[from, to)`. */
export interface ReceivedWindow {
  readonly from: number;
  readonly to: number;
}

const KEPT_SECONDS = 150;
/** Clocks of collectors may be ahead of ours. */
const AHEAD_SECONDS = 60;

/**
 * What the live feed has read of the topics, by the second in which the collector received it: one and the same group of
 * events can be asked for at every station. Holds two and a half minutes.
 */
export class ReceivedCounts {
  private readonly seconds = new Map<number, Map<string, Cell>>();
  private beganMs: number | undefined;

  /** The feed is there; what is received from now on is read, sooner or later. */
  begin(nowMs: number): void {
    this.beganMs ??= nowMs;
  }

  add(
    topic: string,
    partition: number,
    event: { readonly offset: number; readonly receivedMs: number },
  ): void {
    const nowSecond = Math.floor(Date.now() / 1_000);
    const second = Math.floor(event.receivedMs / 1_000);
    if (!(second > nowSecond - KEPT_SECONDS && second < nowSecond + AHEAD_SECONDS)) return;
    let cells = this.seconds.get(second);
    if (!cells) {
      cells = new Map();
      this.seconds.set(second, cells);
      for (const old of this.seconds.keys()) if (old <= nowSecond - KEPT_SECONDS) this.seconds.delete(old);
    }
    const name = `${topic}/${partition}`;
    const { offset } = event;
    const cell = cells.get(name);
    if (!cell) {
      cells.set(name, { count: 1, firstOffset: offset, lastOffset: offset });
      return;
    }
    cell.count++;
    cell.firstOffset = Math.min(cell.firstOffset, offset);
    cell.lastOffset = Math.max(cell.lastOffset, offset);
  }

  /** The minute that ended half a minute ago, or as much of it as this process has seen; `undefined` before. */
  window(nowMs: number): ReceivedWindow | undefined {
    if (this.beganMs === undefined) return undefined;
    const to = Math.floor(nowMs / 1_000) - 30;
    const from = Math.max(to - 60, Math.ceil(this.beganMs / 1_000) + 1);
    return from < to ? { from, to } : undefined;
  }

  /** How many of the window are in Kafka. */
  count(window: ReceivedWindow): number {
    return this.cells(window).reduce((sum, [, { count }]) => sum + count, 0);
  }

  /**
   * How many of the window lie before the commits of a group. Exact where all or none of a second's do, else by their
   * offsets; `undefined` where a commit is not known.
   */
  committed(window: ReceivedWindow, commits: CommittedUpTo): number | undefined {
    let sum = 0;
    for (const [name, cell] of this.cells(window)) {
      const [topic = '', partition] = name.split('/');
      const commit = commits(topic, Number(partition));
      if (commit === undefined) return undefined;
      sum += before(cell, Number(commit));
    }
    return sum;
  }

  private cells({ from, to }: ReceivedWindow): [string, Cell][] {
    const inside = [...this.seconds].filter(([second]) => second >= from && second < to);
    return inside.flatMap(([, cells]) => [...cells]);
  }
}

function before({ count, firstOffset, lastOffset }: Cell, commit: number): number {
  if (commit > lastOffset) return count;
  return Math.min(count - 1, Math.max(0, commit - firstOffset));
}
