import type { CollectorFields, RECEIPT_FIELDS } from './collector-fields.ts';
import type { EVENTS } from './index.ts';
import type { PipelineEvent } from './pipeline-event.ts';
import type { WebEvent } from './web-event.ts';

/** Where a stored row or document came from; names are unquoted-safe in Hive, Spark and Kibana. */
export interface Lineage {
  readonly kafka_topic: string;
  readonly kafka_partition: number;
  readonly kafka_offset: number;
}

type Present<Fields, Names extends keyof Fields> = { readonly [Name in Names]-?: NonNullable<Fields[Name]> };

/** What the ingress completes where it was not sent. */
type Completed = 'event_id' | 'schema_version' | 'occurred_at';

/** The event of a class as it lies in Kafka: one flat JSON object, UTF-8. Unknown fields are kept. */
/** A device sends no HTTP request; a command to one is posted. */
type IngressFields<Event> = Event extends WebEvent
  ? CollectorFields
  : Partial<CollectorFields> & Pick<CollectorFields, (typeof RECEIPT_FIELDS)[number]>;

type RecordOf<Event extends PipelineEvent> = Present<Event, Completed> & {
  readonly [Name in keyof Event as Exclude<Name, Completed | 'sent_at'>]: NonNullable<Event[Name]>;
} & Readonly<IngressFields<Event>> & { readonly [unknownField: string]: unknown };

type RecordOfAny<Event> = Event extends PipelineEvent ? RecordOf<Event> : never;

/** The event as it lies in Kafka, of any type. */
export type EventRecord = RecordOfAny<InstanceType<(typeof EVENTS)[number]>>;

export type SelectColorRecord = Extract<EventRecord, { event_type: 'select-color' }>;

/** An event as both stores keep it. */
export type StoredEvent<Event extends EventRecord = EventRecord> = Event & Lineage;
