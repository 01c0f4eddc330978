import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { ElasticsearchModule, ElasticsearchService } from '@nestjs/elasticsearch';
import { type EsSinkConfig } from '../es-sink.config.ts';
import { clientOptions } from './client-options.ts';

/** The one client of the app. Exports `ElasticsearchService`, which is the client. */
@Module({})
export class ElasticsearchClientModule implements OnApplicationShutdown {
  constructor(@Inject(ElasticsearchService) private readonly client: ElasticsearchService) {}

  static forRoot(config: EsSinkConfig): DynamicModule {
    const client = ElasticsearchModule.registerAsync({ useFactory: () => clientOptions(config) });
    return { module: ElasticsearchClientModule, imports: [client], exports: [client] };
  }

  /** The last hook: the transport drains before it, and a drain writes. */
  async onApplicationShutdown(): Promise<void> {
    await this.client.close();
  }
}
