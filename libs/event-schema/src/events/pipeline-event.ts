import { Instant, NotStored, Optional, Required, Uuid, WholeNumber } from '../contract/field-rules.ts';

/** What an event of any type may carry, whichever ingress takes it. */
export class PipelineEvent {
  // The ingress makes one where it is absent, and takes the newest version.
  @Optional('identity of the event: the key of deduplication')
  @Uuid()
  event_id?: string | null;

  @Required()
  event_type!: string;

  @Optional()
  @WholeNumber()
  schema_version?: number | null;

  @Optional('when it happened, by the clock of its sender, corrected: ISO-8601, UTC, milliseconds')
  @Instant()
  occurred_at?: string | null;

  @Optional('when it was sent by the same clock; lets the ingress correct `occurred_at`')
  @Instant()
  @NotStored()
  sent_at?: string | null;
}
