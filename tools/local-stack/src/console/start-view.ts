import { styleText } from 'node:util';
import { type Exit } from '../processes/guarded-process.ts';
import { residentBytes } from '../processes/process-facts.ts';
import { type LocalStack } from '../stack/local-stack.ts';
import { type Part } from '../stack/part.ts';
import { addressRows, tableText } from './address-table.ts';
import { LogView } from './log-view.ts';
import { readyText } from './ready-text.ts';
import { complain, say } from './terminal.ts';

const LAST_LINES = 10;

/**
 * What a start looks like: a line per part, the table, then the log of all parts until `close()`. Times count from the
 * start of the process, so that a build before it counts as well.
 */
export class StartView {
  private log: LogView | undefined;
  private closed = false;

  partReady(name: string): void {
    const seconds = (performance.now() / 1_000).toFixed(1);
    if (!this.closed)
      say(`  ${styleText('green', '✓')} ${name.padEnd(15)} ${styleText('gray', `${seconds} s`)}`);
  }

  async allReady(stack: LocalStack): Promise<void> {
    say(tableText([...addressRows(stack), ['Logs', stack.folder.logs]]));
    say(readyText(performance.now(), await residentBytes([process.pid, ...stack.pids])));
    this.log = new LogView(stack.servers.map(({ name }) => name));
  }

  /** Before all is ready the log files have the lines: the start prints its own. */
  line(part: string, line: string): void {
    const text = this.closed ? undefined : this.log?.render(part, line);
    if (text !== undefined) say(text);
  }

  crashed(part: Part, { code, signal }: Exit): void {
    const how = signal === null ? `with exit code ${code ?? 'unknown'}` : `by ${signal}`;
    const last = new LogView([]);
    for (const line of part.output.slice(-LAST_LINES)) complain(last.render(part.name, line) ?? line);
    const sentence = `${part.name} ended ${how}, so everything stops. Its log is ${part.logFile}`;
    complain(styleText('red', sentence));
  }

  /** While parts are stopped they say nothing that matters. */
  close(): void {
    this.closed = true;
  }
}
