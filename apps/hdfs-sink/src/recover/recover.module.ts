import { type DynamicModule, Inject, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { STORED_TOPICS } from '@pipeline/event-schema';
import { type Logger, LOGGER } from '@pipeline/observability';
import { type HdfsSinkConfig } from '../hdfs-sink.config.ts';
import { FILE_STORE, type FileStore } from '../hdfs/file-store.ts';
import { StagingJanitor } from './staging-janitor.ts';

/** Clears the staging folder once at every start, beside the work. */
@Module({})
export class RecoverModule implements OnApplicationBootstrap {
  constructor(@Inject(StagingJanitor) private readonly janitor: StagingJanitor) {}

  static forRoot({ root, stagingMaxAgeMs: minAgeMs }: HdfsSinkConfig, hdfs: DynamicModule): DynamicModule {
    return {
      module: RecoverModule,
      imports: [hdfs],
      providers: [
        {
          provide: StagingJanitor,
          inject: [FILE_STORE, LOGGER],
          useFactory: (store: FileStore, logger: Logger) =>
            new StagingJanitor(store, logger, { root, topics: STORED_TOPICS, minAgeMs }),
        },
      ],
    };
  }

  onApplicationBootstrap(): void {
    void this.janitor.sweep();
  }
}
