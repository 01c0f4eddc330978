import { environment } from '@pipeline/config';
import { GuardedProcess } from '@pipeline/local-stack';
import { type RunningConsumer } from './sink-contestant.ts';

/** Time between SIGTERM and SIGKILL. */
const STOP_GRACE_MS = 15_000;
const SHOWN_LINES = 15;

export interface ConsumerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Events stored so far; see {@link RunningConsumer}. */
  stored(): Promise<number>;
  /** Runs after the process has ended. */
  close?(): Promise<void>;
}

/** A contestant that is a program of its own: it ends with this process, whatever happens. */
export class ConsumerProcess implements RunningConsumer {
  private readonly process: GuardedProcess;
  private readonly lines: string[] = [];

  constructor(private readonly launch: ConsumerCommand) {
    const { PATH, HOME } = environment();
    this.process = new GuardedProcess({
      ...launch,
      environment: { PATH, HOME, ...launch.environment },
      onLine: (line) => {
        this.lines.push(line);
        if (this.lines.length > SHOWN_LINES) this.lines.shift();
      },
    });
  }

  get pids(): readonly number[] {
    return this.process.pid === undefined ? [] : [this.process.pid];
  }

  signal(signal: NodeJS.Signals): void {
    this.process.kill(signal);
  }

  /** @throws with its last lines when it has ended. */
  stored(): Promise<number> {
    if (this.process.running) return this.launch.stored();
    return Promise.reject(new Error(['it ended', ...this.lines].join('\n')));
  }

  async stop(): Promise<void> {
    await this.process.stop(STOP_GRACE_MS);
    await this.launch.close?.();
  }
}
