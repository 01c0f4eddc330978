import { Instant, Optional, Required, Text, Uuid, WholeNumber } from './field-rules.ts';

/** Limits of texts, in characters. */
export const LIMITS = { userName: 64, url: 2_048, id: 128 } as const;

/** What an event of any type may carry when it arrives at the collector. */
export class PageEvent {
  /** The deduplication key end to end; the collector makes one where it is absent. */
  @Optional()
  @Uuid()
  event_id?: string | null;

  @Required()
  event_type!: string;

  /** The newest version of the type where it is absent. */
  @Optional()
  @WholeNumber()
  schema_version?: number | null;

  /** When it happened by the page's clock; the time of receipt where it is absent. */
  @Optional()
  @Instant()
  occurred_at?: string | null;

  /** When the page sent it by the same clock; lets the collector correct `occurred_at`. Not stored. */
  @Optional()
  @Instant()
  sent_at?: string | null;

  @Optional()
  @Text({ min: 0, max: LIMITS.url })
  page_url?: string | null;

  /** Empty where the browser has none, as `document.referrer` is. */
  @Optional()
  @Text({ min: 0, max: LIMITS.url })
  referrer?: string | null;

  @Optional()
  @Text({ min: 1, max: LIMITS.id })
  visitor_id?: string | null;

  @Optional()
  @Text({ min: 1, max: LIMITS.id })
  session_id?: string | null;
}
