import { isUtf8 } from 'node:buffer';
import { type Field } from '../event-type.ts';
import { EVENT_TYPES } from '../event-types.ts';
import { parseInstant } from '../instant.ts';
import { type EventRecord } from '../events/stored-event.ts';
import { DecodeError } from './decode-error.ts';
import { jsonLine } from './json-line.ts';

type FieldCheck = readonly [field: string, isRight: (value: unknown) => boolean];

const isFilled = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isInstant = (value: unknown): boolean =>
  typeof value === 'string' && !Number.isNaN(parseInstant(value));

/** What readers rely on of every event; the collector has checked the rest, and old events must stay readable. */
const FIELDS: readonly FieldCheck[] = [
  ['event_id', isFilled],
  ['event_type', (value) => typeof value === 'string' && FIELDS_OF_TYPE.has(value)],
  ['schema_version', Number.isSafeInteger],
  ['occurred_at', isInstant],
  ['received_at', isInstant],
];

/** The required fields of a type that not every event has. */
const FIELDS_OF_TYPE: ReadonlyMap<string, readonly FieldCheck[]> = new Map(
  EVENT_TYPES.map(({ name, fields }) => [
    name,
    fields
      .filter((field) => field.isRequired && !FIELDS.some(([known]) => known === field.name))
      .map((field): FieldCheck => [field.name, checkOf(field)]),
  ]),
);

function checkOf({ name, type, values }: Field): (value: unknown) => boolean {
  // The required texts that may be empty: a client need not say what it is.
  if (name === 'user_agent' || type === 'prose') return (value) => typeof value === 'string';
  if (values !== undefined) return (value) => values.includes(value as string);
  if (type === 'instant') return isInstant;
  if (type === 'boolean') return (value) => typeof value === 'boolean';
  return type === 'integer' || type === 'long' || type === 'number' ? Number.isFinite : isFilled;
}

/**
 * The event in a record's value. Unknown fields are kept as they are parsed.
 * @returns a {@link DecodeError} with code and position when the value is not an event.
 */
export function decodeEvent(value: Buffer | null): EventRecord | DecodeError {
  const parsed = parseObject(value);
  if (parsed instanceof DecodeError) return parsed;
  const event = parsed as EventRecord;
  return fault(event, FIELDS) ?? fault(event, FIELDS_OF_TYPE.get(event.event_type)!) ?? event;
}

function fault(event: EventRecord, checks: readonly FieldCheck[]): DecodeError | undefined {
  for (const [field, isRight] of checks) {
    if (isRight(event[field])) continue;
    const missing = event[field] === undefined || event[field] === null;
    return missing
      ? new DecodeError('missing-field', `The event has no ${field}`, { field })
      : new DecodeError('invalid-field', `The event's ${field} is not valid`, { field });
  }
  return undefined;
}

/** Parses at once and asks for the reason only where that fails. */
function parseObject(value: Buffer | null): Record<string, unknown> | DecodeError {
  if (value !== null && isUtf8(value)) {
    try {
      const parsed: unknown = JSON.parse(value.toString());
      if (isObject(parsed)) return parsed;
    } catch {
      // The reason follows, with its byte position.
    }
  }
  const line = jsonLine(value);
  return line instanceof DecodeError ? line : new DecodeError('not-json', 'The value is not JSON');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
