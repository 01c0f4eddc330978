/** Where an event lies in Kafka. */
export interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
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
  /** Absent where neither Elasticsearch nor the live feed of this replica has seen the event. */
  readonly position?: Position;
  readonly hdfs: Stop;
  readonly elasticsearch: Stop;
}
