/** Why an incoming event is refused. Closed: a code is a metric label and part of the public contract. */
export const REJECTION_CODES = {
  'not-an-object': 'The event is not a JSON object',
  'event-type-unknown': 'No event type of that name',
  'event-type-not-taken': 'Events of this type come in by another way',
  'schema-version-unsupported': 'The event type has no such schema version',
  'field-missing': 'A required field is absent or null',
  'field-type': 'A field has the wrong JSON type',
  'field-empty':
    'A text is empty (after trimming, where it is trimmed), or a name holds no visible character',
  'field-too-long': 'A text has more characters than its limit',
  'field-control-characters': 'A text holds control characters',
  'field-malformed-text': 'A text holds half a surrogate pair',
  'field-reserved':
    'A field name is reserved for the pipeline or a store, or differs from another one in case only',
  'field-name-invalid': 'A field name is empty, too long, or holds a dot, white space or control characters',
  'event-id-taken': 'Another event of the same type has this id',
  'uuid-invalid': 'Not a UUID in its 36-character form, or the nil UUID',
  'color-unknown': 'Not one of the colours',
  'value-unknown': 'Not one of the values of its field',
  'time-invalid': 'Not an ISO-8601 instant with a zone, or not nanoseconds since the epoch',
  'number-out-of-range':
    'A number that no double can hold, of more than 1,000 characters, or outside of what its field takes',
  'nested-too-deep': 'An unknown field nests too deep',
  'too-many-values': 'The unknown fields hold too many values',
  'event-too-large': 'The event has too many bytes',
} as const;

export type RejectionCode = keyof typeof REJECTION_CODES;

/** One reason why an event is refused. */
export interface Rejection {
  readonly code: RejectionCode;
  /** A sentence for people; never holds what the visitor sent. */
  readonly message: string;
  /** The field, with dots and indexes below the first level; empty for the event as a whole. */
  readonly path: string;
}

/** What lies in `<topic>.rejected`: one JSON object for each event that the collector refused. */
export interface RejectedEvent {
  /** ISO-8601 UTC with milliseconds. */
  readonly received_at: string;
  /** `malformed-json`: the body of a whole request; how many events it held is unknown. */
  readonly code: RejectionCode | 'malformed-json';
  readonly message: string;
  /** The wrong field, as in the answer; empty for the event as a whole. */
  readonly path: string;
  /** Whether personal texts are masked: letters and digits as `x`, everything else as it was sent. */
  readonly is_masked: boolean;
  /** Whether it was too large to keep whole; such an event cannot be sent again. */
  readonly is_cut: boolean;
  /** The value as it was sent; an object without `event_id` was given one, so that sending it again is harmless. */
  readonly event?: unknown;
  /** The beginning of the text, where it was cut or is no JSON. */
  readonly text?: string;
}

type Form = Readonly<Record<string, unknown>>;

/** @returns undefined for what no collector has written: strangers may write to the topic. */
export function readRejectedEvent(value: Uint8Array | null): RejectedEvent | undefined {
  const parsed = value === null ? undefined : jsonOf(new TextDecoder().decode(value));
  return isRejectedEvent(parsed) ? parsed : undefined;
}

function isRejectedEvent(value: unknown): value is RejectedEvent {
  if (typeof value !== 'object' || value === null) return false;
  const { received_at, code, message, path, is_masked, is_cut, text = '' } = value as Form;
  const texts = [received_at, code, message, path, text];
  return (
    texts.every((each) => typeof each === 'string') &&
    [is_masked, is_cut].every((each) => typeof each === 'boolean') &&
    !Number.isNaN(Date.parse(String(received_at)))
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
