import {
  bytes,
  type CrossFieldRule,
  defineSettings,
  flag,
  integer,
  milliseconds,
  text,
  urls,
  type Values,
} from '@pipeline/config';
import { breakerSettings, drainFitsGrace, sinkSettings, WORKING_ROOM_BYTES } from '@pipeline/sink-runtime';

/** Flushes small and often: an event should be searchable about a second after its click. */
const FLUSH_DEFAULTS = { maxRecords: 5_000, maxBytes: 5 << 20, maxAgeMs: 200, memoryBudgetBytes: 288 << 20 };

const elasticsearchSettings = {
  elasticsearchNode: urls('ELASTICSEARCH_NODE', 'Elasticsearch nodes, comma list of URLs', {
    fallback: 'http://localhost:9200',
  }),
  elasticsearchApiKey: text('ELASTICSEARCH_API_KEY', 'Encoded API key', { fallback: '', secret: true }),
  elasticsearchUsername: text('ELASTICSEARCH_USERNAME', 'User name, instead of an API key', { fallback: '' }),
  elasticsearchPassword: text('ELASTICSEARCH_PASSWORD', 'Password of the user', {
    fallback: '',
    secret: true,
  }),
  elasticsearchCa: text(
    'ELASTICSEARCH_CA',
    'PEM file of the authority that signed the nodes; empty: the system’s authorities',
    {
      fallback: '',
    },
  ),
};

const indexSettings = {
  bulkMaxBytes: bytes('ES_SINK_BULK_MAX_BYTES', 'Largest bulk request', { fallback: '2000000' }),
  maxConcurrentBulks: integer('ES_SINK_MAX_CONCURRENT_BULKS', 'Most bulk requests in flight', {
    fallback: '3',
    min: 1,
    max: 64,
  }),
  bulkTimeoutMs: milliseconds('ES_SINK_BULK_TIMEOUT_MS', 'Time-out of a bulk request', {
    fallback: '20000',
  }),
  bulkGzip: flag(
    'ES_SINK_BULK_GZIP',
    'Compress requests; useful if the network to Elasticsearch is slow or billed',
    false,
  ),
  indexReplicas: text(
    'ES_SINK_INDEX_REPLICAS',
    'Replicas of each index: a number, or a range that adapts to the number of nodes',
    {
      fallback: '0-1',
    },
  ),
  maxEventAgeDays: integer(
    'ES_SINK_MAX_EVENT_AGE_DAYS',
    'Oldest event, relative to its record, that goes to the index of its day',
    {
      fallback: '38',
      unit: 'days',
      min: 9,
    },
  ),
  maxEventLeadDays: integer(
    'ES_SINK_MAX_EVENT_LEAD_DAYS',
    'Latest event date, relative to its record, that goes to the index of its day',
    {
      fallback: '10',
      unit: 'days',
      min: 9,
    },
  ),
  deletionDays: integer(
    'ES_SINK_DELETION_DAYS',
    'How long the deletion of a table’s row is kept, so that a late write does not restore it',
    {
      fallback: '7',
      unit: 'days',
      min: 1,
    },
  ),
  searchTimeoutMs: milliseconds('ES_SINK_SEARCH_TIMEOUT_MS', 'Time-out of a query', {
    fallback: '5000',
  }),
};

const shape = {
  ...sinkSettings('es-sink', FLUSH_DEFAULTS),
  ...breakerSettings('es-sink'),
  ...elasticsearchSettings,
  ...indexSettings,
};

/** Everything es-sink reads from the environment. */
export type EsSinkConfig = Values<typeof shape>;

const rules: CrossFieldRule<EsSinkConfig>[] = [
  drainFitsGrace,
  ({ bulkTimeoutMs, sessionTimeoutMs }) =>
    bulkTimeoutMs < sessionTimeoutMs
      ? undefined
      : 'ES_SINK_BULK_TIMEOUT_MS must be below ES_SINK_SESSION_TIMEOUT_MS',
  ({ bulkTimeoutMs, shutdownGraceMs }) =>
    bulkTimeoutMs < shutdownGraceMs
      ? undefined
      : 'ES_SINK_BULK_TIMEOUT_MS must be below SHUTDOWN_GRACE_MS, so that a hung request does not outlive a stop',
  ({ bulkMaxBytes, maxConcurrentBulks }) =>
    // One more at a time is about rows of tables.
    bulkMaxBytes * (maxConcurrentBulks + 1) <= WORKING_ROOM_BYTES / 4
      ? undefined
      : 'ES_SINK_BULK_MAX_BYTES × (ES_SINK_MAX_CONCURRENT_BULKS + 1) must not pass 56 MiB, or the memory budget does not hold',
  ({ elasticsearchUsername, elasticsearchPassword }) =>
    (elasticsearchUsername === '') === (elasticsearchPassword === '')
      ? undefined
      : 'ELASTICSEARCH_USERNAME and ELASTICSEARCH_PASSWORD belong together',
  ({ elasticsearchApiKey, elasticsearchUsername }) =>
    elasticsearchApiKey === '' || elasticsearchUsername === ''
      ? undefined
      : 'ELASTICSEARCH_API_KEY and ELASTICSEARCH_USERNAME exclude each other',
  ({ indexReplicas }) =>
    /^\d+(-(\d+|all))?$/.test(indexReplicas)
      ? undefined
      : `ES_SINK_INDEX_REPLICAS="${indexReplicas}" must be a number, a range such as 0-1, or 0-all`,
];

export const esSinkSettings = defineSettings(shape, rules);
