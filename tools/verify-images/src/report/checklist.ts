/** Prints each check as it ends, and remembers what became of it. A check that throws has failed. */
export class Checklist {
  private readonly failed: string[] = [];
  private readonly sections: { readonly title: string; readonly startedAtMs: number }[] = [];
  private passed = 0;

  constructor(
    private readonly print: (line: string) => void,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  get exitCode(): 0 | 1 {
    return this.failed.length === 0 && this.passed > 0 ? 0 : 1;
  }

  /** Checks that follow are about this; the time until the next section is its duration. */
  section(title: string): void {
    this.sections.push({ title, startedAtMs: this.nowMs() });
    this.print(`\n${title}`);
  }

  /**
   * One check, one line.
   * @param run resolves with what was seen, for the line; throws what is wrong.
   * @returns whether it passed.
   */
  async check(
    promise: string,
    run: () => Promise<string | undefined> | string | undefined,
  ): Promise<boolean> {
    try {
      const seen = await run();
      this.passed += 1;
      this.print(`  ✔ ${promise}${seen === undefined ? '' : `: ${seen}`}`);
      return true;
    } catch (error) {
      this.failed.push(promise);
      this.print(`  ✗ ${promise}: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }

  /** A check without which nothing else makes sense. @throws Error when it fails, and the line is printed. */
  async require(promise: string, run: () => Promise<string | undefined>): Promise<void> {
    if (!(await this.check(promise, run))) throw new Error(`Nothing else can be checked: ${promise}.`);
  }

  /** The closing lines. */
  summary(): string[] {
    const endMs = this.nowMs();
    const startMs = this.sections[0]?.startedAtMs ?? endMs;
    const durations = this.sections.map(
      ({ title, startedAtMs }, index) =>
        `${title} ${seconds((this.sections[index + 1]?.startedAtMs ?? endMs) - startedAtMs)}`,
    );
    return [
      ...durations.map((line) => `  ${line}`),
      `${this.passed} passed, ${this.failed.length} failed in ${seconds(endMs - startMs)}`,
      ...this.failed.map((promise) => `  ✗ ${promise}`),
    ];
  }
}

/** `850 ms`, `1.4 s`, `2 min 5 s`. */
export function seconds(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const whole = Math.round(ms / 1_000);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
