import { type Color } from './color.ts';
import { type SelectColorRecord, type StoredEvent } from './stored-event.ts';

/** Most buckets a {@link SummaryQuery} may span: a day by the minute, or thirty days by the half hour. */
export const MAX_SUMMARY_BUCKETS = 1_500;

/** Most events a {@link LatestQuery} may ask for. */
export const MAX_LATEST_EVENTS = 100;

/** Counts for events that occurred in `[from, to)`; both ISO-8601 with a zone. */
export interface SummaryQuery {
  readonly from: string;
  readonly to: string;
  /** Width of a bucket in milliseconds, at least 1,000; buckets start at its multiples since the epoch. */
  readonly bucketMs: number;
}

export interface SummaryReply {
  /** Every pick of the range. */
  readonly total: number;
  readonly byColor: Readonly<Record<Color, number>>;
  /** Ascending, without gaps between the first and the last bucket that holds an event. */
  readonly buckets: readonly { readonly start: string; readonly byColor: Partial<Record<Color, number>> }[];
  readonly pageViews: {
    readonly total: number;
    /** As `buckets`. */
    readonly buckets: readonly { readonly start: string; readonly count: number }[];
  };
  /**
   * Who viewed and who picked: distinct `visitor_id`s, and each event without one as a visitor of its own. Exact up to
   * 40,000 visitors, within a few percent above. Conversion is `picked / viewed`.
   */
  readonly visitors: { readonly viewed: number; readonly picked: number };
  /** Picks by family of browser and kind of device, most first; each list adds up to `total`. */
  readonly browsers: readonly NamedCount[];
  readonly devices: readonly NamedCount[];
}

export interface NamedCount {
  readonly name: string;
  readonly count: number;
}

/** The newest picks by `received_at`, newest first; `limit` from 1 to {@link MAX_LATEST_EVENTS}. */
export interface LatestQuery {
  readonly limit: number;
}

/**
 * The fields of an event that a {@link LatestReply} has: what pages show to everybody, so never its id, with which a
 * stranger could send another event. Events can be larger than an answer may be.
 */
export const LATEST_FIELDS = [
  'user_name',
  'color_name',
  'occurred_at',
  'received_at',
  'kafka_partition',
  'kafka_offset',
] as const satisfies readonly (keyof StoredEvent<SelectColorRecord>)[];

export type LatestEvent = Pick<StoredEvent<SelectColorRecord>, (typeof LATEST_FIELDS)[number]>;

export interface LatestReply {
  readonly events: readonly LatestEvent[];
}

/** Where a record lies in Kafka. */
export interface RecordPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/**
 * The stored document of one event, as a search finds it: about a second after it was written. By place it is found only
 * where it was made of that very record, and not of another copy of the event.
 */
export type DocumentQuery = { readonly eventId: string } | RecordPlace;

/** The fields of an event that a {@link DocumentReply} has. */
export const DOCUMENT_FIELDS = [
  'user_name',
  'color_name',
  'received_at',
  'kafka_topic',
  'kafka_partition',
  'kafka_offset',
] as const;

/** Only a pick has a name and a colour. */
export type FoundEvent = Pick<StoredEvent, Exclude<(typeof DOCUMENT_FIELDS)[number], keyof NamedColor>> &
  Partial<NamedColor>;

type NamedColor = Pick<SelectColorRecord, 'user_name' | 'color_name'>;

export interface DocumentReply {
  /** Absent while no index holds the event. */
  readonly found?: { readonly index: string; readonly event: FoundEvent };
}

/** Which file holds the record at an offset. */
export interface FileQuery extends RecordPlace {
  /** When the collector received the event, ISO-8601: tells the folders that may hold its file. */
  readonly receivedAt: string;
}

export interface FileReply {
  /** Absent while no published file holds the record. */
  readonly path?: string;
}

/** `invalid-query` fails again however often it is asked; the others may pass. */
export type QueryFailureCode = 'invalid-query' | 'unavailable' | 'timeout' | 'internal';

/** What a question that cannot be answered gets instead of its reply. */
export interface QueryFailure {
  readonly error: { readonly code: QueryFailureCode; readonly message: string };
}
