import { type AppName } from '@pipeline/event-schema';
import { type Exit } from '../processes/guarded-process.ts';
import { type Part } from '../stack/part.ts';

/** An app of ours that a stack started. It keeps its address when it is started again. */
export class RunningApp {
  constructor(
    readonly app: AppName,
    readonly url: string,
    private readonly part: Part,
  ) {}

  get name(): string {
    return this.part.name;
  }

  get pid(): number | undefined {
    return this.part.pid;
  }

  /** What this run has printed, its last lines: JSON log lines and whatever else. */
  get output(): readonly string[] {
    return this.part.output;
  }

  get logFile(): string {
    return this.part.logFile;
  }

  /** Starts it again after `stop()` or `kill()` and waits until it is ready. */
  start(): Promise<void> {
    return this.part.start();
  }

  launch(): Promise<void> {
    return this.part.launch();
  }

  /** Resolves when `/readyz` says so. @throws StackError `part-failed`. */
  ready(): Promise<void> {
    return this.part.ready();
  }

  /** SIGTERM, and SIGKILL after its grace period. @returns its exit code; null when a signal ended it. */
  stop(): Promise<number | null> {
    return this.part.stop();
  }

  kill(signal: NodeJS.Signals): void {
    this.part.kill(signal);
  }

  /** Resolves when this run has ended. */
  exited(): Promise<Exit | undefined> {
    return this.part.exited();
  }
}
