import { hash } from 'node:crypto';
import { timeOfId } from '@pipeline/event-schema';
import { isNumber, type SaidReading } from './said-reading.ts';

/** Stands between the parts of a name; no text that the contract takes holds it. */
const BETWEEN = '\u0000';

/**
 * A UUID that follows from a name, so that a repetition has it again: of version 8 (RFC 9562), and of version 7 with this time
 * if one is given, by which the stores then file the event.
 * @param timeMs whole milliseconds since the epoch; a repetition must give the same.
 */
export function derivedId(parts: readonly string[], timeMs?: number): string {
  const hex = hash('sha256', parts.join(BETWEEN), 'hex');
  const hasTime = timeMs !== undefined && timeMs >= 0 && timeMs < 2 ** 48;
  const head = hasTime ? timeMs.toString(16).padStart(12, '0') : hex.slice(0, 12);
  const variant = '89ab'[Number.parseInt(hex[16]!, 16) & 3]!;
  return `${head.slice(0, 8)}-${head.slice(8)}-${hasTime ? '7' : '8'}${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** What a device says by which its repetitions can be known. */
export interface DeviceIdentity {
  readonly deviceId: string;
  /** Its own id of the reading, or of the payload. */
  readonly id: unknown;
  readonly seq: unknown;
}

/**
 * The id of a reading that its device can repeat. A sequence number alone may begin anew when the device does, so the time as it
 * was sent and the value count too: a reading that differs in one of them is another one.
 * @param place the place in the payload, if one id stands for several readings of a metric.
 * @returns undefined if the device sends neither id nor sequence number.
 */
export function readingId(
  { deviceId, id, seq }: DeviceIdentity,
  { metric, occurredAt, value }: Pick<SaidReading, 'metric' | 'occurredAt' | 'value'>,
  place = '',
): string | undefined {
  const name = textOf(id);
  if (name !== undefined) {
    const time = timeOfId(name.toLowerCase());
    return derivedId([deviceId, 'id', name, metric, place], time);
  }
  const number = textOf(seq);
  if (number === undefined) return undefined;
  return derivedId([deviceId, 'seq', number, metric, place, scalarText(occurredAt), scalarText(value)]);
}

function textOf(value: unknown): string | undefined {
  if (isNumber(value)) return JSON.stringify(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A value that is no scalar is refused; it may nest deeper than a stack goes. */
function scalarText(value: unknown): string {
  const isScalar = isNumber(value) || typeof value === 'string' || typeof value === 'boolean';
  return isScalar ? JSON.stringify(value) : '';
}
