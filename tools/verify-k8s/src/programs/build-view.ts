import { seconds } from '../report/text.ts';
import { type BuildProgress } from './program-cache.ts';
import { type ProgramName } from './program.ts';

const EVERY_MS = 20_000;

/** Shows a build: a line that counts packages on a terminal, else a line from time to time. */
export class BuildView implements BuildProgress {
  private program = '';
  private packages = 0;
  private done = 0;
  private shownAt = 0;

  constructor(private readonly output: NodeJS.WriteStream) {}

  start(program: ProgramName, packages: number, left: readonly ProgramName[]): void {
    if (this.program === '') {
      this.print(`Building ${left.join(', ')} from source: once, many minutes of all processors.`);
    }
    this.program = program;
    this.packages = packages;
    this.done = 0;
    this.shownAt = performance.now();
    this.show();
  }

  advance(): void {
    this.done += 1;
    const now = performance.now();
    if (!this.output.isTTY && now - this.shownAt < EVERY_MS) return;
    this.shownAt = now;
    this.show();
  }

  end(program: ProgramName, milliseconds: number): void {
    this.clear();
    this.print(`  built ${program} in ${seconds(milliseconds)}`);
  }

  private show(): void {
    const line = `  building ${this.program}: ${this.done} of at most ${this.packages} packages`;
    this.clear();
    this.output.write(this.output.isTTY ? line : `${line}\n`);
  }

  private clear(): void {
    if (!this.output.isTTY) return;
    this.output.clearLine(0);
    this.output.cursorTo(0);
  }

  private print(line: string): void {
    this.output.write(`${line}\n`);
  }
}
