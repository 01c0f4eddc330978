import { EVENT_TOPICS, type EventTypeName, TABLE_TOPICS } from './event-types.ts';
import { SINK_NAMES } from './apps.ts';

/** How a topic is created and what its producers and consumers may rely on. */
export interface TopicDefinition {
  readonly name: string;
  readonly partitions: number;
  /** Wanted copies; a cluster with fewer brokers gets one copy per broker. */
  readonly replicationFactor: number;
  /** Broker settings by their Kafka names. */
  readonly config: Readonly<Record<string, string>>;
}

const DAY_MS = 24 * 60 * 60 * 1_000;

/**
 * Largest record batch that the event topics take, in bytes, compressed where it is: inflated, a record of another producer
 * may be many times as large. Fits a 900 KB event and stays below the fetch size per partition.
 */
export const MAX_BATCH_BYTES = 1_048_588;

/** What a record batch takes beside its records. */
const BATCH_OVERHEAD_BYTES = 61;

/** Largest record that a producer of ours sends, in bytes with all that belongs to it: alone, it fits a batch. */
export const MAX_RECORD_BYTES = MAX_BATCH_BYTES - BATCH_OVERHEAD_BYTES;

/**
 * Largest batch that the dead-letter topics take: the largest batch of an event topic that is not compressed, and why it was
 * refused.
 */
export const MAX_LETTER_BATCH_BYTES = MAX_BATCH_BYTES + 65_536;

/** Largest event, in bytes of its JSON: its record with key and headers fits {@link MAX_RECORD_BYTES}. */
export const MAX_EVENT_BYTES = 900_000;

/**
 * Event topics. `LogAppendTime` is part of the contract: time never runs back within a partition, so the folder of
 * an HDFS file is a function of its first record.
 */
function eventTopic(name: string): TopicDefinition {
  return {
    name,
    partitions: 3,
    replicationFactor: 2,
    config: {
      'message.timestamp.type': 'LogAppendTime',
      'retention.ms': String(7 * DAY_MS),
      'max.message.bytes': String(MAX_BATCH_BYTES),
    },
  };
}

/**
 * The topic of a table keeps the newest record of each key without end. Nothing is compacted away before an event would
 * be: until then both stores get every change, and a deletion is there for a sink that was away.
 */
function tableTopic(name: string): TopicDefinition {
  return {
    name,
    partitions: 3,
    replicationFactor: 2,
    config: {
      'message.timestamp.type': 'LogAppendTime',
      'cleanup.policy': 'compact',
      'min.compaction.lag.ms': String(7 * DAY_MS),
      'delete.retention.ms': String(7 * DAY_MS),
      'max.message.bytes': String(MAX_BATCH_BYTES),
    },
  };
}

function deadLetterDefinition(name: string): TopicDefinition {
  return {
    name,
    partitions: 1,
    replicationFactor: 2,
    config: { 'retention.ms': String(30 * DAY_MS), 'max.message.bytes': String(MAX_LETTER_BATCH_BYTES) },
  };
}

/** Refused events are for looking at soon; senders can make many, so bytes are bounded as well as days. */
function rejectedDefinition(name: string): TopicDefinition {
  const retention = { 'retention.ms': String(7 * DAY_MS), 'retention.bytes': String(256 << 20) };
  return {
    name,
    partitions: 1,
    replicationFactor: 2,
    config: { ...retention, 'segment.bytes': String(32 << 20) },
  };
}

function queryTopic(name: string): TopicDefinition {
  return { name, partitions: 1, replicationFactor: 2, config: { 'retention.ms': String(10 * 60 * 1_000) } };
}

type CamelCase<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name;

const camelCase = (name: string) => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** The event topics, by the name that the code uses: `TOPICS.selectColor` is that of the type `select-color`. */
export const TOPICS = Object.fromEntries(EVENT_TOPICS.map((name) => [camelCase(name), eventTopic(name)])) as {
  readonly [Name in EventTypeName as CamelCase<Name>]: TopicDefinition;
};

/** Whether a topic is one of events: what strangers name is asked for in no other. */
export function isEventTopic(name: unknown): name is EventTypeName {
  return (EVENT_TOPICS as readonly unknown[]).includes(name);
}

/** Consumer groups of the sinks; the live feed of web-ui has a group per instance. */
export const GROUPS = { hdfsSink: 'hdfs-sink', esSink: 'es-sink', webUiLive: 'web-ui-live' } as const;

/** The group in which a sink takes questions: its own, so that a question does not wait for a rebalance of the sink. */
export function queryGroup(sink: string): string {
  return `${sink}-queries`;
}

/** What the apps say of themselves every few seconds; only the newest matters. */
export const STATUS_TOPIC: TopicDefinition = {
  name: 'pipeline-status',
  partitions: 1,
  replicationFactor: 2,
  // Its append times show each app how far its clock is from the broker's.
  config: { 'retention.ms': String(10 * 60 * 1_000), 'message.timestamp.type': 'LogAppendTime' },
};

/** What the continuous audit has proved: a record for each proved hour of a partition and store, the newest of a key counts. */
export const PROOF_TOPIC: TopicDefinition = {
  name: 'pipeline-proof',
  partitions: 1,
  replicationFactor: 2,
  config: {
    'cleanup.policy': 'compact',
    'segment.bytes': String(4 << 20),
    'min.cleanable.dirty.ratio': '0.2',
  },
};

/** The topic that takes what `group` could not store of `topic`. */
export function deadLetterTopic(topic: string, group: string): string {
  return `${topic}.${group}.dlq`;
}

/** The topic that takes what the collector refused of the events meant for `topic`. */
export function rejectedTopic(topic: string): string {
  return `${topic}.rejected`;
}

/** Every topic the pipeline needs: events, tables, refused events, dead letters of both sinks, queries and their replies, status, proof. */
export function allTopics(): TopicDefinition[] {
  const events = Object.values(TOPICS);
  const stored = [...events, ...TABLE_TOPICS.map(tableTopic)];
  return [
    ...stored,
    ...events.map(({ name }) => rejectedDefinition(rejectedTopic(name))),
    ...stored.flatMap(({ name }) =>
      SINK_NAMES.map((group) => deadLetterDefinition(deadLetterTopic(name, group))),
    ),
    ...[...Object.values(QUERY_TOPICS), FILE_QUERY_TOPIC].flatMap((name) => [
      queryTopic(name),
      queryTopic(replyTopic(name)),
    ]),
    STATUS_TOPIC,
    PROOF_TOPIC,
  ];
}

/** Questions that es-sink answers over request–reply. */
export const QUERY_TOPICS = {
  summary: 'es-sink.query.summary',
  latest: 'es-sink.query.latest',
  document: 'es-sink.query.document',
} as const;

/** The question that hdfs-sink answers: which file holds a record. */
export const FILE_QUERY_TOPIC = 'hdfs-sink.query.file';

/** Where Nest's request–reply puts the answers of a question. */
export function replyTopic(pattern: string): string {
  return `${pattern}.reply`;
}
