import {
  Address,
  Instant,
  NotStored,
  Optional,
  Required,
  Text,
  Uuid,
  WholeNumber,
} from '../contract/field-rules.ts';

/** What an event of any type may carry when it arrives at the collector. */
export class WebEvent {
  // The collector makes one where it is absent, and takes the newest version.
  @Optional('identity of the event: the key of deduplication')
  @Uuid()
  event_id?: string | null;

  @Required()
  event_type!: string;

  @Optional()
  @WholeNumber()
  schema_version?: number | null;

  @Optional(
    'when it happened, by the clock of the page, corrected by the collector: ISO-8601, UTC, milliseconds',
  )
  @Instant()
  occurred_at?: string | null;

  @Optional('when the page sent it by the same clock; lets the collector correct `occurred_at`')
  @Instant()
  @NotStored()
  sent_at?: string | null;

  @Optional()
  @Address({ max: 2_048 })
  page_url?: string | null;

  @Optional('empty where the browser has none')
  @Address({ max: 2_048 })
  referrer?: string | null;

  @Optional()
  @Text({ min: 1, max: 128 })
  visitor_id?: string | null;

  @Optional()
  @Text({ min: 1, max: 128 })
  session_id?: string | null;
}
