import { isThere } from './any-value.ts';

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;

/** By number, from 1: `INFO`, `INFO2`, `INFO3`, `INFO4`. Source: the log data model of OpenTelemetry, short names. */
const NAMES = ['', ...LEVELS.flatMap((level) => [level, `${level}2`, `${level}3`, `${level}4`])];

/** Words of usual loggers and of syslog; a source that gives only a word is searched by number all the same. */
const NUMBERS: ReadonlyMap<string, number> = new Map([
  ...NAMES.map((name, number): [string, number] => [name, number]),
  ['FINE', 5],
  ['INFORMATION', 9],
  ['INFORMATIONAL', 9],
  ['NOTICE', 10],
  ['WARNING', 13],
  ['ERR', 17],
  ['SEVERE', 17],
  ['CRIT', 18],
  ['CRITICAL', 18],
  ['ALERT', 19],
  ['EMERG', 21],
  ['EMERGENCY', 21],
  ['PANIC', 21],
]);

const ENUM_PREFIX = 'SEVERITY_NUMBER_';

/** The number of a severity that has only a text; undefined for a word that is no level. */
export function severityOfText(text: string): number | undefined {
  return NUMBERS.get(text.toUpperCase());
}

/** The usual text of a severity that has only a number. */
export function severityName(number: number): string {
  return NAMES[number]!;
}

/**
 * A severity number as JSON has it: 1 to 24, or the name of the enumeration that protobuf's JSON allows.
 * @returns undefined where none is given, NaN for what is none.
 */
export function severityNumber(value: unknown): number | undefined {
  if (!isThere(value) || value === 0) return undefined;
  if (typeof value === 'string' && value.startsWith(ENUM_PREFIX)) {
    const name = value.slice(ENUM_PREFIX.length);
    return name === 'UNSPECIFIED' ? undefined : (NUMBERS.get(name) ?? Number.NaN);
  }
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 24
    ? (value as number)
    : Number.NaN;
}
