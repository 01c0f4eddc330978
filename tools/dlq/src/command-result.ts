/** What a command prints and with which code it exits. */
export interface CommandResult {
  readonly lines: readonly string[];
  readonly exitCode: 0 | 1;
}
