import { isUtf8 } from 'node:buffer';
import { Refusal } from './refusal.ts';

/**
 * The values in a request's body: one, or the elements of an array. They are parsed once and not looked at.
 * @throws Refusal
 */
export function readEvents(body: Buffer, maxEvents: number): readonly unknown[] {
  if (!isUtf8(body)) throw new Refusal('not-utf8');
  const parsed = parseJson(body.toString());
  if (!Array.isArray(parsed)) return [parsed];
  if (parsed.length === 0) throw new Refusal('no-events');
  if (parsed.length > maxEvents) throw new Refusal('too-many-events');
  return parsed;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal('malformed-json');
  }
}
