import { InvalidArgumentError } from 'commander';
import { type LetterPosition } from './show-letter.ts';

const INSTANT = /^\d{4}-\d{2}-\d{2}(T.*(Z|[+-]\d{2}:?\d{2}))?$/;

/** An instant of an option. @throws InvalidArgumentError, which commander shows. */
export function instant(text: string): Date {
  const date = new Date(text);
  if (!Number.isNaN(date.getTime()) && INSTANT.test(text)) return date;
  throw new InvalidArgumentError('not an ISO-8601 instant with a zone, such as 2026-11-22T09:00:00Z');
}

export function positiveCount(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('not a whole number above 0');
}

/** `<partition>:<offset>` of a letter in its dead-letter topic. */
export function position(text: string): LetterPosition {
  const [, partition, offset] = /^(\d{1,9}):(\d{1,15})$/.exec(text) ?? [];
  if (partition === undefined || offset === undefined) {
    throw new InvalidArgumentError('not a <partition>:<offset> as `list` shows it, such as 0:17');
  }
  return { partition: Number(partition), offset: Number(offset) };
}

/** Options may be given several times, and each may be a comma list. */
export function codes(text: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, ...text.split(',').map((code) => code.trim())];
}

/** `<field>=<value>`, several times; a value that is JSON counts as that, any other as text. */
export function repairs(
  text: string,
  earlier: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('not a <field>=<value>, such as color_name=red');
  return { ...earlier, [text.slice(0, at)]: valueOf(text.slice(at + 1)) };
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Where a collector takes events. */
export function address(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text;
  throw new InvalidArgumentError('not an address such as http://localhost:3001/v1/events');
}
