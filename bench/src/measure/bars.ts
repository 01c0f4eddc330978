import { type Bar } from '../leg.ts';
import { spread } from './statistics.ts';

/** @param values at least one. */
export function atLeast(what: string, values: readonly number[], bar: number): Bar {
  const value = spread(values);
  return { what, value, bar, holds: value.median >= bar };
}

/** @param values at least one. */
export function atMost(what: string, values: readonly number[], bar: number): Bar {
  const value = spread(values);
  return { what, value, bar, holds: value.median <= bar };
}
