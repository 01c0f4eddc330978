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
