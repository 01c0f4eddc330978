export type ShownLevel = 'debug' | 'info' | 'warn' | 'error';

/** One log line as a person reads it. */
export interface LogLine {
  /** Time of day, `HH:MM:SS`. */
  readonly time: string;
  readonly level: ShownLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

const LEVELS: Readonly<Record<string, ShownLevel>> = {
  trace: 'debug',
  debug: 'debug',
  info: 'info',
  warn: 'warn',
  error: 'error',
  fatal: 'error',
};
const KNOWN_FIELDS = new Set(['time', 'level', 'msg', 'app', 'pid', 'hostname']);
const SERVER_LINE = /^\d{4}-\d\d-\d\d[T ](\d\d:\d\d:\d\d)\S* (WARN|ERROR|FATAL) +(.*)$/;
/** What a virtual machine says when it ends for a reason of its own. */
const LAST_WORDS = /^(Exception in thread|Error: |Terminating due to|java\.lang\.\w*Error)/;

/** A line of an app: one JSON object, as pino writes it; anything else is shown as it is. */
export function parseAppLine(line: string, now = new Date()): LogLine {
  const entry = jsonObject(line);
  if (entry === undefined) return { time: timeOfDay(now), level: 'info', message: line, fields: {} };
  const at = new Date(String(entry['time']));
  return {
    time: timeOfDay(Number.isNaN(at.getTime()) ? now : at),
    level: LEVELS[String(entry['level'])] ?? 'info',
    message: typeof entry['msg'] === 'string' ? entry['msg'] : '',
    fields: Object.fromEntries(Object.entries(entry).filter(([key]) => !KNOWN_FIELDS.has(key))),
  };
}

/** A line of a server where it is a warning or an error; the rest is for its log file. */
export function parseServerLine(line: string, now = new Date()): LogLine | undefined {
  const [, time, level, message] = SERVER_LINE.exec(line) ?? [];
  if (time !== undefined && message !== undefined)
    return { time, level: level === 'WARN' ? 'warn' : 'error', message, fields: {} };
  return LAST_WORDS.test(line)
    ? { time: timeOfDay(now), level: 'error', message: line, fields: {} }
    : undefined;
}

/** `key=value` for each field, short: an error is its message, text is quoted where it has spaces. */
export function fieldsText(fields: LogLine['fields']): string {
  return Object.entries(fields)
    .map(([key, value]) => `${key}=${fieldText(value)}`)
    .join(' ');
}

function fieldText(value: unknown): string {
  if (typeof value === 'string') return /^[^\s"]+$/.test(value) ? value : JSON.stringify(value);
  const message = isObject(value) ? value['message'] : undefined;
  return JSON.stringify(typeof message === 'string' ? message : value);
}

function jsonObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function timeOfDay(at: Date): string {
  return at.toTimeString().slice(0, 'HH:MM:SS'.length);
}
