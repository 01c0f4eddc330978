/** Writes a line to the terminal. A terminal that is gone is no reason to stop halfway through stopping. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Writes a line about a failure. */
export function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Keeps a closed terminal or pipe from ending the process by an error on its output. */
export function surviveClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}
