import { environment } from '@pipeline/config';
import { GuardedProcess } from '@pipeline/local-stack';
import { type ProgramCommand } from '../contestant.ts';

/** Time between SIGTERM and SIGKILL. */
const STOP_GRACE_MS = 25_000;
const KEPT_LINES = 15;

/** A contestant's process; it ends with this one, whatever happens. */
export class Program {
  private readonly process: GuardedProcess;
  private readonly lines: string[] = [];

  constructor({ environment: own, ...launch }: ProgramCommand) {
    const { PATH, HOME } = environment();
    this.process = new GuardedProcess({
      ...launch,
      environment: { PATH, HOME, ...own },
      onLine: (line) => {
        this.lines.push(line);
        if (this.lines.length > KEPT_LINES) this.lines.shift();
      },
    });
  }

  get running(): boolean {
    return this.process.running;
  }

  /** Only of one that runs. */
  get pid(): number {
    return this.process.pid!;
  }

  /** Its last lines, under a headline. */
  failure(what: string): Error {
    return new Error([what, ...this.lines].join('\n'));
  }

  kill(signal: NodeJS.Signals): void {
    this.process.kill(signal);
  }

  /** Asks it to end, and makes it after a while. */
  async stop(): Promise<void> {
    await this.process.stop(STOP_GRACE_MS);
  }
}
