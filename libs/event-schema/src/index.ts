export {
  APP_NAMES,
  APP_PORTS,
  type AppName,
  CORE_APPS,
  type CoreApp,
  INGRESS_NAMES,
  type IngressName,
  LAYERS,
  ofEachSink,
  PIPELINE_APPS,
  portVariable,
  settingPrefix,
  SINK_NAMES,
  SINKS,
  type SinkName,
} from './apps.ts';
export { DECODE_CODES, DecodeError, type DecodeCode } from './codec/decode-error.ts';
export { decodeEvent } from './codec/decode-event.ts';
export { eventLine, namesOfEvents } from './codec/event-line.ts';
export { FieldNotes } from './codec/field-notes.ts';
export { jsonLine } from './codec/json-line.ts';
export { LineageAppender } from './codec/lineage-appender.ts';
export { fieldsOfEvents } from './stored-fields.ts';
export {
  linesOf,
  type RecordLines,
  type StorableRecord,
  type TableChange,
  TableJudge,
} from './codec/table-judge.ts';
export { CodedError } from './coded-error.ts';
export { COLORS, isColor, type Color } from './events/color.ts';
export {
  compareReceipts,
  filedTime,
  NO_TIME_SENT,
  type Receipt,
  type RepeatedFields,
  timeOfId,
} from './event-identity.ts';
export {
  type EventTypeEntry,
  type Field,
  type FieldType,
  type Ingress,
  type TableEntry,
} from './event-type.ts';
export {
  DELETED_AT,
  EVENT_TOPICS,
  EVENT_TYPES,
  type EventTypeName,
  LINEAGE_FIELDS,
  STORED_TOPICS,
  TABLE_TOPICS,
  type TableName,
  tableOf,
  TABLES,
  topicsOfIngress,
} from './event-types.ts';
export { formatInstant, parseInstant } from './instant.ts';
export {
  DOCUMENT_FIELDS,
  type DocumentQuery,
  type DocumentReply,
  type FileQuery,
  type FileReply,
  type FilterName,
  type Filters,
  FILTERS,
  type FoundEvent,
  LATEST_FIELDS,
  type LatestEvent,
  type LatestQuery,
  type LatestReply,
  MAX_FILTER_LENGTH,
  MAX_LATEST_EVENTS,
  MAX_SUMMARY_BUCKETS,
  type NamedCount,
  type QueryFailure,
  type QueryFailureCode,
  type RecordPlace,
  type Slice,
  type SummaryQuery,
  type SummaryReply,
  type VisitCounts,
  type VisitorCounts,
} from './messages/queries.ts';
export {
  type AppStatus,
  type AppTotals,
  decodeStatus,
  REPORTING_APPS,
  type ReportingApp,
  type SecondTotal,
} from './messages/app-status.ts';
export {
  decodeProvedHour,
  type FindingKind,
  type ProvedHour,
  type ProvedPartition,
  type StoreName,
} from './messages/proved-hour.ts';
export { recordHeaders, recordKey } from './record-parts.ts';
export { isVisible, shownText } from './shown-text.ts';
export {
  type EventRecord,
  type Lineage,
  type SelectColorRecord,
  type StoredEvent,
} from './events/stored-event.ts';
export { isReadableName, isReservedName, STORE_LIMITS } from './store-rules.ts';
export {
  allTopics,
  deadLetterTopic,
  FILE_QUERY_TOPIC,
  GROUPS,
  isEventTopic,
  queryGroup,
  MAX_EVENT_BYTES,
  MAX_BATCH_BYTES,
  MAX_LETTER_BATCH_BYTES,
  MAX_RECORD_BYTES,
  PROOF_TOPIC,
  QUERY_TOPICS,
  rejectedTopic,
  replyTopic,
  STATUS_TOPIC,
  TOPICS,
  type TopicDefinition,
} from './topics.ts';
