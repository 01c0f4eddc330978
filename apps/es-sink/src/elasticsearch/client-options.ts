import { readFileSync } from 'node:fs';
import { type ClientOptions } from '@elastic/elasticsearch';
import { type EsSinkConfig } from '../es-sink.config.ts';
import { ReplySerializer } from './bulk-reply.ts';

/** How the client reaches Elasticsearch. It never repeats a request by itself: who repeats must know what was applied. */
export function clientOptions(config: EsSinkConfig): ClientOptions {
  const { elasticsearchCa, elasticsearchNode, bulkGzip } = config;
  return {
    nodes: elasticsearchNode,
    maxRetries: 0,
    // The default copies the request of every failure, secrets blanked: a body of 2 MB becomes an object with two
    // million keys, 300 MB and a third of a second each time. Without request headers there is nothing to blank.
    redaction: { type: 'remove' },
    compression: bulkGzip,
    Serializer: ReplySerializer,
    ...credentials(config),
    ...(elasticsearchCa === '' ? {} : { tls: { ca: readFileSync(elasticsearchCa, 'utf8') } }),
  };
}

function credentials(config: EsSinkConfig): Pick<ClientOptions, 'auth'> {
  const {
    elasticsearchApiKey: apiKey,
    elasticsearchUsername: username,
    elasticsearchPassword: password,
  } = config;
  if (apiKey !== '') return { auth: { apiKey } };
  return username === '' ? {} : { auth: { username, password } };
}
