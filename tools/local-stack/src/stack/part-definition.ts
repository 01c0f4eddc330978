import { type Exit, type Launch } from '../processes/guarded-process.ts';

/** Something that the stack runs: how it is prepared, launched, known to be ready and stopped. */
export interface PartDefinition {
  readonly name: string;
  readonly startTimeoutMs: number;
  /** Time between SIGTERM and SIGKILL. */
  readonly stopGraceMs: number;
  /** Runs before each launch and may be repeated: writes configuration, formats storage. */
  prepare?(): Promise<void>;
  launch(): Promise<Omit<Launch, 'onLine'>>;
  /** Whether it serves requests; a throw means not yet. `sawLine` tells whether this run has printed such a line. */
  isReady(sawLine: (text: string) => boolean): boolean | Promise<boolean>;
  onStopped?(exit: Exit): Promise<void>;
}
