import { formatInstant } from '@pipeline/event-schema';

/** The message that brought a payload. */
export interface ReadingSource {
  readonly deviceId: string;
  /** Whole milliseconds since the epoch. */
  readonly receivedMs: number;
}

/** A reading as the device says it; whether it is right, the contract of the event type says. */
export interface SaidReading {
  readonly metric: string;
  readonly value: unknown;
  readonly unit?: unknown;
  readonly seq?: unknown;
  readonly id?: unknown;
  readonly occurredAt?: unknown;
  readonly sentAt?: unknown;
  /** The place in the payload, if the id names the whole payload. */
  readonly place?: string;
  /** What else it says; kept as it is. */
  readonly more?: object;
}

/** What the engine has of JSON and TypeScript's library does not name yet: a number that keeps its spelling. */
const { isRawJSON } = JSON as unknown as { isRawJSON(this: void, value: unknown): boolean };

export function isNumber(value: unknown): boolean {
  return typeof value === 'number' || isRawJSON(value);
}

/** The number of what {@link isNumber}. */
export function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : Number(JSON.stringify(value));
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawJSON(value);
}

/** From here on a number counts milliseconds: of the year 1973, or seconds of the year 5138. */
const FIRST_MILLISECOND = 1e11;
/** The year 10000. */
const LAST_MS = 253_402_300_800_000;

/** A time as text; seconds or milliseconds since the epoch as the instant they name. What is no time stays as it was sent. */
export function instantOf(time: unknown): unknown {
  if (time === undefined || time === null) return undefined;
  if (!isNumber(time)) return time;
  const number = numberOf(time);
  const ms = Math.round(Math.abs(number) < FIRST_MILLISECOND ? number * 1_000 : number);
  return ms >= 0 && ms < LAST_MS ? formatInstant(ms) : String(number);
}
