import { crc32 } from 'node:zlib';
import { DecodeError, jsonLine, parseInstant } from '@pipeline/event-schema';

/** CRC-32 of some bytes; equal bytes have equal fingerprints, and one damaged record in 4 billion goes unseen. */
export type Fingerprint = number;

const LINEAGE = new Set(['kafka_topic', 'kafka_partition', 'kafka_offset']);
/** What the collector says of each try of its own, as `COLLECTOR_FIELDS` of the contract, and the time. */
export const OF_THE_COLLECTOR = new Set([
  'user_agent',
  'received_at',
  'occurred_at_original',
  'is_bot',
  'bot_reason',
  'client_network',
  'occurred_at',
]);
/** Numbers that a double may not hold exactly: they are compared by their digits. */
const LONG_NUMBER = /\d{16}/;

/**
 * Of a record's value as a row without lineage: the line up to its last bracket, which is where the lineage goes. Of a
 * value that can be no row, the value itself.
 */
export function valueFingerprint(value: Buffer | null, line = jsonLine(value)): Fingerprint {
  if (line instanceof DecodeError) return value === null ? 0 : crc32(value);
  return crc32(line.subarray(0, -1));
}

/** Fingerprint of a JSON object's fields: lineage left out, in the order of their names, white space ignored. */
export function canonicalFingerprint(json: Buffer): Fingerprint {
  const parsed = parse(json);
  return parsed === undefined ? crc32(json) : crc32(canonical(without(parsed, LINEAGE)));
}

/**
 * Fingerprint of what the sender of an event said: equal for two tries of one event, whenever and over whichever way
 * they came. The time as it was sent is part of it; one that the collector set because there was none is not.
 */
export function contentFingerprint(json: Buffer): Fingerprint {
  const event = parse(json);
  if (event === undefined) return crc32(json);
  const { occurred_at: occurredAt, occurred_at_original: original, received_at: receivedAt } = event;
  const sent = original ?? (occurredAt === receivedAt ? undefined : occurredAt);
  const sentMs = typeof sent === 'string' ? parseInstant(sent) : Number.NaN;
  const time = Number.isNaN(sentMs) ? sent : sentMs;
  return crc32(canonical({ ...without(event, OF_THE_COLLECTOR), ...(time !== undefined && { time }) }));
}

function parse(json: Buffer): Readonly<Record<string, unknown>> | undefined {
  const text = json.toString();
  const parsed: unknown = LONG_NUMBER.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
  return isObject(parsed) ? parsed : undefined;
}

function without(fields: Readonly<Record<string, unknown>>, names: ReadonlySet<string>) {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.has(name)));
}

function keepDigits(_name: string, value: unknown, context?: { readonly source?: string }): unknown {
  const exact = typeof value !== 'number' || Number.isSafeInteger(value);
  return exact || context?.source === undefined ? value : `number ${context.source}`;
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join()}}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
