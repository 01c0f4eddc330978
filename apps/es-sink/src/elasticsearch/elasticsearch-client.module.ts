import { readFileSync } from 'node:fs';
import { type ClientOptions } from '@elastic/elasticsearch';
import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { ElasticsearchModule, ElasticsearchService } from '@nestjs/elasticsearch';
import { ReplySerializer } from './bulk-reply.ts';

/** What the settings say of the way to Elasticsearch. */
interface ConnectionSettings {
  readonly elasticsearchNode: string[];
  readonly elasticsearchApiKey: string;
  readonly elasticsearchUsername: string;
  readonly elasticsearchPassword: string;
  readonly elasticsearchCa: string;
  readonly bulkGzip: boolean;
}

/** The one client of the app. Exports `ElasticsearchService`, which is the client. */
@Module({})
export class ElasticsearchClientModule implements OnApplicationShutdown {
  constructor(@Inject(ElasticsearchService) private readonly client: ElasticsearchService) {}

  static forRoot(config: ConnectionSettings): DynamicModule {
    const client = ElasticsearchModule.registerAsync({ useFactory: () => clientOptions(config) });
    return { module: ElasticsearchClientModule, imports: [client], exports: [client] };
  }

  /** The last hook: the transport drains before it, and a drain writes. */
  async onApplicationShutdown(): Promise<void> {
    await this.client.close();
  }
}

/** How the client reaches Elasticsearch. It never repeats a request by itself: who repeats must know what was applied. */
export function clientOptions(config: ConnectionSettings): ClientOptions {
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

function credentials(config: ConnectionSettings): Pick<ClientOptions, 'auth'> {
  const {
    elasticsearchApiKey: apiKey,
    elasticsearchUsername: username,
    elasticsearchPassword: password,
  } = config;
  if (apiKey !== '') return { auth: { apiKey } };
  return username === '' ? {} : { auth: { username, password } };
}
