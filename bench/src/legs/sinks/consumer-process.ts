import { type ProgramCommand } from '../../contestant.ts';
import { Program } from '../../measure/program.ts';
import { type RunningConsumer } from './sink-contestant.ts';

export interface ConsumerCommand extends ProgramCommand {
  /** Events stored so far; see {@link RunningConsumer}. */
  stored(): Promise<number>;
  /** Runs after the process has ended. */
  close?(): Promise<void>;
}

/** A contestant that is a program of its own. */
export class ConsumerProcess implements RunningConsumer {
  private readonly program: Program;

  constructor(private readonly command: ConsumerCommand) {
    this.program = new Program(command);
  }

  get pids(): readonly number[] {
    return [this.program.pid];
  }

  signal(signal: NodeJS.Signals): void {
    this.program.kill(signal);
  }

  /** @throws with its last lines when it has ended. */
  stored(): Promise<number> {
    return this.program.running ? this.command.stored() : Promise.reject(this.program.failure('it ended'));
  }

  async stop(): Promise<void> {
    await this.program.stop();
    await this.command.close?.();
  }
}
