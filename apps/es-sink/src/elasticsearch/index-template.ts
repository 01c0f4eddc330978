import { createHash } from 'node:crypto';
import { type estypes } from '@elastic/elasticsearch';
import { indexPattern } from './index-pattern.ts';

/** Raised with every change of the settings or mapping below; a lower version never replaces a higher one. */
export const TEMPLATE_VERSION = 3;

export interface IndexTemplate {
  readonly topic: string;
  readonly name: string;
  readonly version: number;
  /** Changes with every byte of the body, settings of the deployment included. */
  readonly fingerprint: string;
  readonly body: {
    readonly index_patterns: string[];
    readonly template: {
      readonly settings: estypes.IndicesIndexSettings;
      readonly mappings: estypes.MappingTypeMapping;
    };
  };
}

/** A count of replicas, or a range such as `0-1` that follows the number of nodes. */
export type Replicas = string;

/** The template of a topic's daily indices. It takes effect on indices made after it. */
export function indexTemplate(topic: string, replicas: Replicas): IndexTemplate {
  const body = {
    index_patterns: [indexPattern(topic)],
    template: { settings: settings(replicas), mappings },
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

const keyword = (limit: number) => ({ type: 'keyword', ignore_above: limit }) as const;
const searchable = (limit: number) => ({ ...keyword(limit), fields: { text: { type: 'text' } } }) as const;
const instant = { type: 'date', format: 'strict_date_optional_time' } as const;

/**
 * Fields of the event by name. Any other field becomes a runtime keyword: its values stay in the document and are read
 * from there by a search, so that no value of it, of whatever kind, can refuse a document, and its type is the same in
 * every day's index. A field that is searched a lot belongs into `properties`, with a higher version.
 */
const mappings: estypes.MappingTypeMapping = {
  // So that an index says which release made it.
  _meta: { template_version: TEMPLATE_VERSION },
  dynamic: 'runtime',
  date_detection: false,
  numeric_detection: false,
  dynamic_templates: [
    { others: { match_mapping_type: ['string', 'long', 'double', 'boolean'], runtime: { type: 'keyword' } } },
  ],
  properties: {
    event_id: keyword(256),
    event_type: keyword(256),
    schema_version: { type: 'integer' },
    user_name: searchable(256),
    color_name: keyword(256),
    user_agent: searchable(1_024),
    is_bot: { type: 'boolean', ignore_malformed: true },
    bot_reason: keyword(256),
    client_network: { type: 'ip', ignore_malformed: true },
    occurred_at: instant,
    received_at: instant,
    // What the page sent may be anything, so it must not be able to refuse the event.
    occurred_at_original: keyword(256),
    page_url: keyword(2_048),
    referrer: keyword(2_048),
    visitor_id: keyword(256),
    session_id: keyword(256),
    kafka_topic: keyword(256),
    kafka_partition: { type: 'integer' },
    kafka_offset: { type: 'long' },
  },
};
