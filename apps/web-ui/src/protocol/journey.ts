import { type Color, type RecordPlace } from '@pipeline/event-schema';

/** Where an event lies in Kafka. */
export interface Position extends RecordPlace {
  /** ISO-8601 UTC. */
  readonly receivedAt: string;
}

/** What a visitor picked. `userName` is what they typed: text, never markup. */
export interface Pick {
  readonly userName: string;
  readonly color: Color;
}

/** Why the collector did not take an event. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  /** The wrong field; empty for the event as a whole. */
  readonly path: string;
  /** ISO-8601 UTC. */
  readonly receivedAt: string;
}

/** How far an event has come in one store. */
export type Stop =
  | { readonly state: 'stored'; readonly place: string }
  /** The sink has not committed it; so many records are before it, itself included. */
  | { readonly state: 'waiting'; readonly records: number }
  /** No message where the asker has no id of the event: a store's reason may quote the event, and names its id. */
  | { readonly state: 'dead-lettered'; readonly code: string; readonly message?: string }
  /** Committed, and neither in the store nor among the dead letters: it may be on its way to being searchable. */
  | { readonly state: 'not-found' }
  /** Who would know does not answer. */
  | { readonly state: 'no-answer' };

/**
 * What became of one event, as `/v1/events/<id>/journey` answers it. `/v1/events/at/<topic>/<partition>/<offset>/journey`
 * needs no id, so everybody may ask it of every event: its answer has nothing that the event says, id and pick included.
 */
export interface Journey {
  /** As it was asked for. */
  readonly eventId?: string;
  /** Absent where neither Elasticsearch, nor the live feed of this replica, nor a dead letter knows the event. */
  readonly position?: Position;
  /** Absent where it is not known, the event is no pick, or was asked for by its place. */
  readonly pick?: Pick;
  /** It stopped at the collector, before its topic. */
  readonly refusal?: Refusal;
  readonly hdfs: Stop;
  readonly elasticsearch: Stop;
}
