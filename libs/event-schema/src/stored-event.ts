import { type Color } from './color.ts';

/** Where a stored row or document came from; names are unquoted-safe in Hive, Spark and Kibana. */
export interface Lineage {
  readonly kafka_topic: string;
  readonly kafka_partition: number;
  readonly kafka_offset: number;
}

/** What every event has as it lies in Kafka: one flat JSON object, UTF-8. Unknown fields are kept. */
interface CollectedEvent {
  readonly event_id: string;
  readonly schema_version: number;
  readonly user_agent: string;
  /** ISO-8601 UTC with milliseconds. */
  readonly occurred_at: string;
  readonly received_at: string;
  /** What the page sent, where the collector corrected or clamped `occurred_at`. */
  readonly occurred_at_original?: string;
  /** Whether the collector took its sender for a bot, and why; absent in events older than the mark. */
  readonly is_bot?: boolean;
  readonly bot_reason?: string;
  /** Network of the client's address (/24, /48), where the collector is set to store it. */
  readonly client_network?: string;
  readonly page_url?: string;
  readonly referrer?: string;
  readonly visitor_id?: string;
  readonly session_id?: string;
  readonly [unknownField: string]: unknown;
}

/** A visitor chose a colour. */
export interface SelectColorRecord extends CollectedEvent {
  readonly event_type: 'select-color';
  readonly user_name: string;
  readonly color_name: Color;
}

/** A page was shown. */
export interface PageViewRecord extends CollectedEvent {
  readonly event_type: 'page-view';
}

/** The event as it lies in Kafka, of any type. */
export type EventRecord = SelectColorRecord | PageViewRecord;

/** An event as both stores keep it. */
export type StoredEvent<Event extends EventRecord = EventRecord> = Event & Lineage;
