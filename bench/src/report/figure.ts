import { type Spread } from '../measure/statistics.ts';

/** Three digits, or all of them before the point. */
export function figure(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** `median [least–most]` */
export function range({ median, least, most }: Spread): string {
  return `${figure(median)} [${figure(least)}–${figure(most)}]`;
}
