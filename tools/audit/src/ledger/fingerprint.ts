import { crc32 } from 'node:zlib';
import { DecodeError, jsonLine } from '@pipeline/event-schema';

/** CRC-32 of some bytes; equal bytes have equal fingerprints, and one damaged record in 4 billion goes unseen. */
export type Fingerprint = number;

const LINEAGE = new Set(['kafka_topic', 'kafka_partition', 'kafka_offset']);
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

/** Fingerprint of a JSON object's content: lineage left out, fields in the order of their names, white space ignored. */
export function canonicalFingerprint(json: Buffer): Fingerprint {
  const text = json.toString();
  const parsed: unknown = LONG_NUMBER.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
  if (!isObject(parsed)) return crc32(text);
  const fields = Object.entries(parsed).filter(([name]) => !LINEAGE.has(name));
  return crc32(canonical(Object.fromEntries(fields)));
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
