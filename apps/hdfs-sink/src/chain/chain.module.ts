import { type DynamicModule, Inject, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { EVENT_TOPICS } from '@pipeline/event-schema';
import { type Logger, LOGGER } from '@pipeline/observability';
import { FILE_STORE, type FileStore } from '../hdfs/file-store.ts';
import { type FileCompression } from './file-name.ts';
import { type CommitStep, crashAt, noHook } from './file-publisher.ts';
import { HdfsSinkWriter } from './hdfs-partition-writer.ts';
import { StagingJanitor } from './staging-janitor.ts';

/** Turns ranges of records into files of the chain; clears the staging folder once at every start, beside the work. */
@Module({})
export class ChainModule implements OnApplicationBootstrap {
  constructor(@Inject(StagingJanitor) private readonly janitor: StagingJanitor) {}

  static forRoot(
    settings: {
      readonly root: string;
      readonly compression: FileCompression;
      readonly crashAt: CommitStep | 'never';
      readonly stagingMaxAgeMs: number;
    },
    hdfs: DynamicModule,
  ): DynamicModule {
    const { root, compression, stagingMaxAgeMs: minAgeMs } = settings;
    const hook = settings.crashAt === 'never' ? noHook : crashAt(settings.crashAt);
    const inject = [FILE_STORE, LOGGER];
    return {
      module: ChainModule,
      imports: [hdfs],
      providers: [
        {
          provide: HdfsSinkWriter,
          inject,
          useFactory: (store: FileStore, logger: Logger) =>
            new HdfsSinkWriter({ store, root, compression, hook, logger }),
        },
        {
          provide: StagingJanitor,
          inject,
          useFactory: (store: FileStore, logger: Logger) =>
            new StagingJanitor(store, logger, { root, topics: EVENT_TOPICS, minAgeMs }),
        },
      ],
      exports: [HdfsSinkWriter],
    };
  }

  onApplicationBootstrap(): void {
    void this.janitor.sweep();
  }
}
