import { type Color } from '../events/color.ts';
import { type SelectColorRecord, type StoredEvent } from '../events/stored-event.ts';

/** Most buckets a {@link SummaryQuery} may span: a day by the minute, or thirty days by the half hour. */
export const MAX_SUMMARY_BUCKETS = 1_500;

/** Most events a {@link LatestQuery} may ask for. */
export const MAX_LATEST_EVENTS = 100;

/** Longest value of a filter: that of a stored address. */
export const MAX_FILTER_LENGTH = 2_048;

/** What a {@link SummaryQuery} can be narrowed to. `color` is of picks only: page views are counted whatever it is. */
export const FILTERS = [
  'page',
  'referrer',
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'browser',
  'os',
  'device',
  'color',
] as const;

export type FilterName = (typeof FILTERS)[number];

/** The names are those that a {@link SummaryReply} has. */
export type Filters = Readonly<Partial<Record<FilterName, string>>>;

/** Counts for events that occurred in `[from, to)`; both ISO-8601 with a zone. */
export interface SummaryQuery {
  readonly from: string;
  readonly to: string;
  /** Width of a bucket in milliseconds, at least 1,000; buckets start at its multiples since the epoch. */
  readonly bucketMs: number;
  /** Whether events count whose sender the collector took for a bot. */
  readonly withBots?: boolean;
  /** Whether visits are looked at, too. */
  readonly withVisits?: boolean;
  readonly filters?: Filters;
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
  readonly visitors: VisitorCounts;
  /** Only where they were asked for. */
  readonly visits?: VisitCounts;
  /** Events by what they came from; each list adds up to all page views and all picks. */
  readonly slices: Readonly<Record<Exclude<FilterName, 'color'>, readonly Slice[]>>;
}

/**
 * Different `visitor_id`s; an event without one is no visitor. Visitors are compared one by one up to 20,000, so the
 * numbers are exact. Above that a part of them, chosen by a hash of the id, stands for all: `all` is then an estimate of
 * Elasticsearch (off by less than 1 %), the other numbers are scaled to it.
 */
export interface VisitorCounts {
  readonly all: number;
  /** Had a page view. */
  readonly saw: number;
  /** Had a page view and a pick. */
  readonly converted: number;
  /** How many were compared one by one: `all`, or the size of the sample. */
  readonly compared: number;
  /** Events that name no visitor. */
  readonly unnamedEvents: number;
}

/** Visits are different `session_id`s, looked at one by one up to 3,000; above that a sample, as of {@link VisitorCounts}. */
export interface VisitCounts {
  readonly all: number;
  readonly compared: number;
  /** Those looked at that had one page view and nothing else. */
  readonly bounced: number;
  /** Between the first and the last event of a visit, over those with more than one event; `null` where there is none. */
  readonly medianMs: number | null;
  /** First and last page of those looked at. */
  readonly entries: readonly NamedCount[];
  readonly exits: readonly NamedCount[];
}

/** Events that have something in common. */
export interface Slice {
  readonly name: string;
  readonly views: number;
  readonly picks: number;
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
  'is_bot',
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
