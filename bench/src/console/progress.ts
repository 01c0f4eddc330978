import { Presets, SingleBar } from 'cli-progress';
import { type Leg, type Size } from '../leg.ts';
import { type Progress } from '../run-legs.ts';

const TICK_MS = 500;

/** Progress of a whole run, which ends. */
export interface ConsoleProgress extends Progress {
  stop(): void;
}

/** A bar on a terminal, one line per step elsewhere. */
export function consoleProgress(legs: readonly Leg[], size: Size): ConsoleProgress {
  return process.stderr.isTTY ? new ProgressBar(legs, size) : new ProgressLines();
}

/** Fills as time goes by, as the legs' budgets say. */
class ProgressBar implements ConsoleProgress {
  private readonly bar = new SingleBar(
    {
      format: '{leg} {bar} {percentage}% | {duration_formatted} | {text}',
      hideCursor: true,
      clearOnComplete: true,
    },
    Presets.shades_classic,
  );
  private readonly ticker = setInterval(() => this.tick(), TICK_MS);
  private doneSeconds = 0;
  private current: { readonly name: string; readonly seconds: number; readonly atMs: number } | undefined;
  private text = '';

  constructor(
    legs: readonly Leg[],
    private readonly size: Size,
  ) {
    const total = legs.reduce((sum, { budgetSeconds }) => sum + budgetSeconds[size], 0);
    this.bar.start(total, 0, { leg: '', text: '' });
  }

  leg({ name, budgetSeconds }: Leg): void {
    this.doneSeconds += this.current?.seconds ?? 0;
    this.current = { name, seconds: budgetSeconds[this.size], atMs: performance.now() };
    this.say('starting servers');
  }

  say(text: string): void {
    this.text = text;
    this.tick();
  }

  stop(): void {
    clearInterval(this.ticker);
    this.bar.stop();
  }

  private tick(): void {
    if (this.current === undefined) return;
    const { name, seconds, atMs } = this.current;
    const spent = Math.min(seconds, (performance.now() - atMs) / 1_000);
    this.bar.update(Math.floor(this.doneSeconds + spent), { leg: name, text: this.text });
  }
}

class ProgressLines implements ConsoleProgress {
  private name = '';

  leg({ name }: Leg): void {
    this.name = name;
    this.say('starting servers');
  }

  say(text: string): void {
    console.error(`${new Date().toISOString().slice(11, 19)} ${this.name}: ${text}`);
  }

  stop(): void {
    // Every line is out.
  }
}
