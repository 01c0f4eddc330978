import { InvalidArgumentError } from 'commander';

/** An instant of an option. @throws InvalidArgumentError, which commander shows. */
export function instant(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime()) || !/^\d{4}-\d{2}-\d{2}(T.*(Z|[+-]\d{2}:?\d{2}))?$/.test(text)) {
    throw new InvalidArgumentError('not an ISO-8601 instant with a zone, such as 2026-11-22T09:00:00Z');
  }
  return date;
}

/** A number of seconds, in milliseconds. */
export function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) {
    throw new InvalidArgumentError('not a number of seconds');
  }
  return value * 1_000;
}
