import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { guard } from './guard.ts';

/**
 * What to run. The program should watch its standard input and end when that closes: one that does not, because it is
 * not ours, is killed seconds later.
 */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Every line of its output, of both streams. */
  readonly onLine: (line: string) => void;
}

/** How a process ended: its code, or the signal that ended it. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * A child process that cannot outlive this one. It has a process group of its own, so that Ctrl-C at the terminal
 * reaches only us and the order of stopping stays ours.
 */
export class GuardedProcess {
  readonly exited: Promise<Exit>;
  private readonly child: ChildProcess;

  constructor({ command, args, cwd, environment, onLine }: Launch) {
    this.child = spawn(command, args, {
      cwd,
      env: environment,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    // A write end that nobody writes to may still report that its reader went away.
    this.child.stdin?.on('error', () => undefined);
    this.exited = this.watch(onLine);
  }

  get pid(): number | undefined {
    return this.running ? this.child.pid : undefined;
  }

  get running(): boolean {
    return this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Asks it to end and, after `graceMs`, makes it. Resolves when it has ended. */
  async stop(graceMs: number): Promise<Exit> {
    if (!this.running) return this.exited;
    const force = setTimeout(() => this.kill('SIGKILL'), graceMs);
    this.kill('SIGTERM');
    // A stopped process takes no SIGTERM before it goes on.
    this.kill('SIGCONT');
    const exit = await this.exited;
    clearTimeout(force);
    return exit;
  }

  private async watch(onLine: (line: string) => void): Promise<Exit> {
    const { child } = this;
    if (child.pid !== undefined) guard.add(child.pid);
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface({ input: stream, crlfDelay: Infinity }).on('line', onLine);
    }
    const exit = await new Promise<Exit>((resolve) => {
      child.once('error', (error) => {
        onLine(error.message);
        resolve({ code: null, signal: null });
      });
      child.once('close', (code, signal) => resolve({ code, signal }));
    });
    if (child.pid !== undefined) guard.remove(child.pid);
    return exit;
  }
}
