import { type RejectionCode } from './rejection.ts';

/** What lies in `<topic>.rejected`: one JSON object for each event that the collector refused. */
export interface RejectedEvent {
  /** ISO-8601 UTC with milliseconds. */
  readonly received_at: string;
  /** `malformed-json`: the body of a whole request, which held nobody knows how many events. */
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
