import { styleText } from 'node:util';
import { fieldsText, parseAppLine, parseServerLine, type LogLine, type ShownLevel } from './log-line.ts';

const NAME_WIDTH = 'collector-api'.length;
const LONGEST = 400;
const COLORS = [
  'cyan',
  'magenta',
  'green',
  'blue',
  'yellow',
  'cyanBright',
  'magentaBright',
  'greenBright',
] as const;
const LEVEL_COLORS: Readonly<Record<ShownLevel, 'gray' | 'green' | 'yellow' | 'red'>> = {
  debug: 'gray',
  info: 'green',
  warn: 'yellow',
  error: 'red',
};

/** Turns the output of all parts into one readable stream: a colour per part, time, level, message, fields. */
export class LogView {
  private readonly colors = new Map<string, (typeof COLORS)[number]>();
  private readonly servers: ReadonlySet<string>;

  /** `servers`: of these only warnings and errors are shown. */
  constructor(servers: Iterable<string>) {
    this.servers = new Set(servers);
  }

  /** The line to print, where there is one. */
  render(part: string, line: string): string | undefined {
    const entry = this.servers.has(part) ? parseServerLine(line) : parseAppLine(line);
    return entry === undefined ? undefined : `${this.prefix(part)} ${entryText(entry)}`;
  }

  private prefix(part: string): string {
    const color = this.colors.get(part) ?? COLORS[this.colors.size % COLORS.length] ?? 'cyan';
    this.colors.set(part, color);
    return styleText(color, `${part.padEnd(NAME_WIDTH)} |`);
  }
}

function entryText({ time, level, message, fields }: LogLine): string {
  const shownLevel = styleText(LEVEL_COLORS[level], level.padEnd('error'.length));
  const details = fieldsText(fields);
  const text = message.length > LONGEST ? `${message.slice(0, LONGEST)}…` : message;
  const tail = details === '' ? '' : ` ${styleText('gray', details.slice(0, LONGEST))}`;
  return `${styleText('gray', time)} ${shownLevel} ${text}${tail}`;
}
