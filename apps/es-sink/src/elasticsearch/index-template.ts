import { createHash } from 'node:crypto';
import { type estypes } from '@elastic/elasticsearch';
import {
  DELETED_AT,
  EVENT_TYPES,
  type EventTypeName,
  type Field,
  type FieldType,
  LINEAGE_FIELDS,
  type TableEntry,
} from '@pipeline/event-schema';

/**
 * All daily indices of a topic and no others: `select-color-archive-2026.11.22` or `select-colors-…` belong to
 * somebody else. Years 2000–2099.
 */
export function indexPattern(topic: string): string {
  return `${topic}-20*.*.*`;
}

/** Raised with every change of the settings or mapping below; a lower version never replaces a higher one. */
export const TEMPLATE_VERSION = 4;

export interface IndexTemplate {
  readonly topic: string;
  readonly name: string;
  readonly version: number;
  /** Changes with every byte of the body, settings of the deployment included. */
  readonly fingerprint: string;
  /** Of a table: what stands behind the name under which it is written and searched. */
  readonly alias?: TableAlias;
  readonly body: {
    readonly index_patterns: string[];
    readonly template: {
      readonly settings: estypes.IndicesIndexSettings;
      readonly mappings: estypes.MappingTypeMapping;
    };
  };
}

export interface TableAlias {
  /** The first index that has the name; later ones are made by hand. */
  readonly index: string;
  /** What a search through the alias sees. */
  readonly filter: NonNullable<estypes.IndicesAlias['filter']>;
}

/**
 * When a deletion has been kept for long enough. Elasticsearch forgets the version of a document a minute after it was deleted, and an
 * older write that comes late would raise it: so a deletion is a document itself, which the alias hides.
 */
export const PURGE_AFTER = 'kafka_purge_after';

/** All indices of a table. */
export function tableIndices(table: string): string {
  return `${table}-v*`;
}

export function isTableIndex(table: string, index: string): boolean {
  return index.startsWith(`${table}-v`) && /^[1-9]\d*$/.test(index.slice(table.length + 2));
}

/** A count of replicas, or a range such as `0-1` that follows the number of nodes. */
export type Replicas = string;

/** The template of a topic's daily indices. It takes effect on indices made after it. */
export function indexTemplate(topic: EventTypeName, replicas: Replicas): IndexTemplate {
  const { fields } = EVENT_TYPES.find(({ name }) => name === topic)!;
  return template(topic, indexPattern(topic), replicas, [...fields, ...LINEAGE_FIELDS]);
}

/** The template of a table's indices, and what stands behind its name. */
export function tableTemplate({ name, fields }: TableEntry, replicas: Replicas): IndexTemplate {
  const purgeAfter: Field = { name: PURGE_AFTER, type: 'instant' };
  const stored = [...fields, DELETED_AT, purgeAfter, ...LINEAGE_FIELDS];
  const filter = { bool: { must_not: { exists: { field: DELETED_AT.name } } } };
  return {
    ...template(name, tableIndices(name), replicas, stored),
    alias: { index: `${name}-v1`, filter },
  };
}

function template(
  topic: string,
  pattern: string,
  replicas: Replicas,
  fields: readonly Field[],
): IndexTemplate {
  const body = {
    index_patterns: [pattern],
    template: { settings: settings(replicas), mappings: mappings(fields) },
  };
  const fingerprint = createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 16);
  return { topic, name: `pipeline-${topic}`, version: TEMPLATE_VERSION, fingerprint, body };
}

function settings(replicas: Replicas): estypes.IndicesIndexSettings {
  return {
    number_of_shards: 1,
    ...(replicas.includes('-') ? { auto_expand_replicas: replicas } : { number_of_replicas: replicas }),
    // Named, so that an index nobody searches is refreshed too: click to searchable stays below two seconds.
    refresh_interval: '1s',
    // A field beyond the limit is kept in the document but is not searchable.
    mapping: { total_fields: { limit: 300, ignore_dynamic_beyond_limit: true } },
  };
}

/** Longer values stay in the document and are not searchable. */
const LEAST_IGNORED_ABOVE = 256;

const keyword = (limit = 0) =>
  ({ type: 'keyword', ignore_above: Math.max(LEAST_IGNORED_ABOVE, limit) }) as const;

/** No value of a type that Elasticsearch reads itself may refuse a document: it keeps what it cannot read. */
const lenient = (type: 'boolean' | 'ip' | 'double') => ({ type, ignore_malformed: true }) as const;

const PROPERTIES: Readonly<Record<FieldType, (field: Field) => estypes.MappingProperty>> = {
  text: ({ limit }) => keyword(limit),
  address: ({ limit }) => keyword(limit),
  uuid: () => keyword(),
  words: ({ limit }) => ({ ...keyword(limit), fields: { text: { type: 'text' } } }),
  // Found or not found: how well a line fits is not asked.
  prose: () => ({ type: 'text', norms: false }),
  instant: () => ({ type: 'date', format: 'strict_date_optional_time' }),
  network: () => lenient('ip'),
  integer: () => ({ type: 'integer' }),
  long: () => ({ type: 'long' }),
  number: () => lenient('double'),
  // A reader of digits reads them in a text, too.
  nanoseconds: () => ({ type: 'long', ignore_malformed: true }),
  boolean: () => lenient('boolean'),
  // One field for all names; a term holds a name and its value, so both are bounded.
  properties: () => ({ type: 'flattened', ignore_above: 1_024 }),
};

/**
 * Fields of the event or row by name. Any other field becomes a runtime keyword: its values stay in the document and are read
 * from there by a search, so that no value of it, of whatever kind, can refuse a document, and its type is the same in
 * every day's index. A field that is searched a lot belongs into the event's class, with a higher version here.
 */
const mappings = (fields: readonly Field[]): estypes.MappingTypeMapping => ({
  // So that an index says which release made it.
  _meta: { template_version: TEMPLATE_VERSION },
  dynamic: 'runtime',
  date_detection: false,
  numeric_detection: false,
  dynamic_templates: [
    { others: { match_mapping_type: ['string', 'long', 'double', 'boolean'], runtime: { type: 'keyword' } } },
  ],
  properties: Object.fromEntries(fields.map((field) => [field.name, PROPERTIES[field.type](field)])),
});
