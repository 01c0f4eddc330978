import { type Color } from '@pipeline/event-schema';

/** Where an event lies in Kafka. */
export interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
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
  | { readonly state: 'dead-lettered'; readonly code: string; readonly message: string }
  /** Committed, and neither in the store nor among the dead letters: it may be on its way to being searchable. */
  | { readonly state: 'not-found' }
  /** Who would know does not answer. */
  | { readonly state: 'no-answer' };

/** What became of one event, as `/v1/events/<id>/journey` answers it. */
export interface Journey {
  readonly eventId: string;
  /** Absent where neither Elasticsearch, nor the live feed of this replica, nor a dead letter knows the event. */
  readonly position?: Position;
  /** Absent where it is not known, or the event is no pick. */
  readonly pick?: Pick;
  /** It stopped at the collector, before its topic. */
  readonly refusal?: Refusal;
  readonly hdfs: Stop;
  readonly elasticsearch: Stop;
}
