import { type DynamicModule, Module } from '@nestjs/common';
import { type Logger, LOGGER } from '@pipeline/observability';
import { type HdfsSinkConfig } from '../hdfs-sink.config.ts';
import { FILE_STORE, type FileStore } from '../hdfs/file-store.ts';
import { crashAt, noHook } from './commit-steps.ts';
import { HdfsSinkWriter } from './hdfs-sink-writer.ts';

/** Turns ranges of records into files of the chain. */
@Module({})
export class WriteModule {
  static forRoot({ root, compression, crashAt: step }: HdfsSinkConfig, hdfs: DynamicModule): DynamicModule {
    const hook = step === 'never' ? noHook : crashAt(step);
    return {
      module: WriteModule,
      imports: [hdfs],
      providers: [
        {
          provide: HdfsSinkWriter,
          inject: [FILE_STORE, LOGGER],
          useFactory: (store: FileStore, logger: Logger) =>
            new HdfsSinkWriter({ store, root, compression, hook, logger }),
        },
      ],
      exports: [HdfsSinkWriter],
    };
  }
}
