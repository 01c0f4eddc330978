import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { GuardedProcess, type Exit } from '../processes/guarded-process.ts';
import { StackError } from '../stack-error.ts';
import { until } from '../until.ts';
import { type PartDefinition } from './part-definition.ts';
import { writeHolder } from './process-lock.ts';
import { type StateFolder } from './state-folder.ts';

/** Lines of a run that are kept in memory: for readiness, for error messages and for tests. */
const KEPT_LINES = 2_000;
const SHOWN_LINES = 15;

export interface PartObserver {
  line(part: string, line: string): void;
  /** It ended and nobody had asked it to. */
  crashed(part: Part, exit: Exit): void;
}

/** Where a part keeps its log and notes its process. */
export type PartFiles = Pick<StateFolder, 'logFile' | 'pidFile'>;

/** One running part: a server or an app. It can be stopped, killed and started again on the same ports and state. */
export class Part {
  readonly name: string;
  readonly logFile: string;
  private readonly pidFile: string;
  private readonly definition: PartDefinition;
  private readonly observer: PartObserver;
  private process: GuardedProcess | undefined;
  private lines: string[] = [];
  private launching: Promise<void> = Promise.resolve();
  private endIsWanted = false;

  constructor(definition: PartDefinition, files: PartFiles, observer: PartObserver) {
    this.name = definition.name;
    this.logFile = files.logFile(definition.name);
    this.pidFile = files.pidFile(definition.name);
    this.definition = definition;
    this.observer = observer;
  }

  get pid(): number | undefined {
    return this.process?.pid;
  }

  /** What this run has printed, its last lines. */
  get output(): readonly string[] {
    return this.lines;
  }

  /** Starts it and resolves when it is ready. @throws StackError `part-failed`. */
  async start(): Promise<void> {
    await this.launch();
    await this.ready();
  }

  /** Starts it without waiting until it is ready. Waits for the end of a run that was killed. */
  async launch(): Promise<void> {
    this.endIsWanted = false;
    const launching = this.launchOnce();
    this.launching = launching.catch(() => undefined);
    await launching;
  }

  private async launchOnce(): Promise<void> {
    await this.process?.exited;
    await this.definition.prepare?.();
    const launch = await this.definition.launch();
    if (this.endIsWanted) throw this.failure('was stopped while it started');
    this.lines = [];
    const log = this.openLog();
    this.process = new GuardedProcess({ ...launch, onLine: (line) => this.take(line, log) });
    void this.process.exited.then((exit) => this.ended(exit, log));
    if (this.process.pid !== undefined) await writeHolder(this.pidFile, this.process.pid);
  }

  /** Resolves when it serves requests. @throws StackError `part-failed` when it ends or takes too long. */
  async ready(): Promise<void> {
    const { startTimeoutMs } = this.definition;
    let running = true;
    const inTime = await until(
      async () => {
        running = this.process?.running ?? false;
        return (
          !running ||
          (await this.definition.isReady((text) => this.lines.some((line) => line.includes(text))))
        );
      },
      { timeoutMs: startTimeoutMs },
    );
    if (!running) {
      // Only then all that it said is here.
      await this.process?.exited;
      throw this.failure('ended before it was ready');
    }
    if (!inTime) throw this.failure(`was not ready within ${startTimeoutMs / 1_000} s`);
  }

  /** Asks it to end, makes it after its grace period. @returns its exit code; null when a signal ended it. */
  async stop(): Promise<number | null> {
    this.endIsWanted = true;
    await this.launching;
    if (this.process === undefined) return null;
    const exit = await this.process.stop(this.definition.stopGraceMs);
    await this.definition.onStopped?.(exit);
    return exit.code;
  }

  /** Sends a signal, for tests of failures. An end that follows is no crash; wait for it with `exited()`. */
  kill(signal: NodeJS.Signals): void {
    this.endIsWanted = true;
    this.process?.kill(signal);
  }

  /** Resolves when this run has ended. */
  async exited(): Promise<Exit | undefined> {
    return this.process?.exited;
  }

  private take(line: string, log: WriteStream): void {
    log.write(`${line}\n`);
    this.lines.push(line);
    if (this.lines.length > 2 * KEPT_LINES) this.lines = this.lines.slice(-KEPT_LINES);
    this.observer.line(this.name, line);
  }

  private ended(exit: Exit, log: WriteStream): void {
    log.end();
    if (!this.endIsWanted) this.observer.crashed(this, exit);
  }

  private openLog(): WriteStream {
    mkdirSync(dirname(this.logFile), { recursive: true });
    const log = createWriteStream(this.logFile, { flags: 'a' });
    // A full disk or a removed folder costs the log, not the part.
    log.on('error', () => undefined);
    return log;
  }

  private failure(what: string): StackError {
    const shown = this.lines.slice(-SHOWN_LINES).map((line) => `  ${line}`);
    const message = [`${this.name} ${what}; its log is ${this.logFile}`, ...shown].join('\n');
    return new StackError('part-failed', message);
  }
}
