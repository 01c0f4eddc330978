/**
 * How a scheduled operation ends. `late`: the caller gets an error now and the operation is applied some time after.
 * `truncates`: an upload is acknowledged of which only a half is stored.
 */
export type Outcome = 'done' | 'fails' | 'reply-lost' | 'late' | 'truncates';

const FAULTS: readonly Outcome[] = ['fails', 'reply-lost', 'late', 'truncates'];

// Jest makes every access to a global slow; these two run millions of times.
const { floor, imul } = Math;

/** Pseudo-random numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A process of the model. Once it has crashed, nothing that it waits for ever ends. */
export interface ModelProcess {
  alive: boolean;
  /** Stopped, as by SIGSTOP: nothing of it happens meanwhile. */
  asleep?: boolean;
}

interface Turn {
  readonly process: ModelProcess | undefined;
  readonly run: (outcome: Outcome) => void;
}

/** Decides in which order the awaited operations of several processes take effect, and how each ends. */
export class Scheduler {
  /** Share of operations that go wrong. */
  faultRate: number;
  private turns: Turn[] = [];

  constructor(
    readonly random: () => number,
    faultRate: number,
  ) {
    this.faultRate = faultRate;
  }

  /** Waits until it is this operation's turn. */
  turn(process: ModelProcess): Promise<Outcome> {
    return new Promise((run) => this.turns.push({ process, run }));
  }

  /** Applies something at a moment of its own, whatever becomes of the process that caused it. */
  later(apply: () => void): void {
    this.turns.push({ process: undefined, run: apply });
  }

  /** Lets one operation happen and everything that follows from it. False when nothing waits that may happen. */
  async step(): Promise<boolean> {
    this.turns = this.turns.filter(({ process }) => process?.alive !== false);
    const awake = this.turns.filter(({ process }) => process?.asleep !== true);
    const turn = awake[this.below(awake.length)];
    if (!turn) return false;
    this.turns.splice(this.turns.indexOf(turn), 1);
    turn.run(this.outcome());
    await new Promise(setImmediate);
    return true;
  }

  /** A whole number in [0, limit). */
  below(limit: number): number {
    return floor(this.random() * limit);
  }

  private outcome(): Outcome {
    if (this.random() >= this.faultRate) return 'done';
    return FAULTS[this.below(FAULTS.length)] ?? 'fails';
  }
}
