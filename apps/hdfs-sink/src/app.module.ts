import { type DynamicModule, Module } from '@nestjs/common';
import { GROUPS } from '@pipeline/event-schema';
import { kafkaConnection, StatusModule } from '@pipeline/kafka-transport';
import { type Logger, ObservabilityModule } from '@pipeline/observability';
import { SinkModule, StoreHealthModule } from '@pipeline/sink-runtime';
import { type HdfsSinkConfig } from './hdfs-sink.config.ts';
import { HdfsModule } from './hdfs/hdfs.module.ts';
import { FILE_STORE, type FileStore } from './hdfs/file-store.ts';
import { RecoverModule } from './recover/recover.module.ts';
import { SearchModule } from './search/search.module.ts';
import { HdfsSinkWriter } from './write/hdfs-sink-writer.ts';
import { WriteModule } from './write/write.module.ts';

/** A restart of a NameNode's web server, or one slow answer, does not make the app unready. */
const TOLERATED_INTERVALS = 3;

@Module({})
export class AppModule {
  static forRoot(config: HdfsSinkConfig, logger: Logger): DynamicModule {
    const connection = kafkaConnection(config, GROUPS.hdfsSink);
    const hdfs = HdfsModule.forRoot(config);
    const sink = SinkModule.forRoot({
      group: GROUPS.hdfsSink,
      settings: config,
      connection,
      imports: [WriteModule.forRoot(config, hdfs)],
      inject: [HdfsSinkWriter],
      useFactory: (writer: HdfsSinkWriter) => writer,
    });
    const health = StoreHealthModule.forRoot({
      store: 'HDFS',
      intervalMs: config.probeIntervalMs,
      toleranceMs: TOLERATED_INTERVALS * config.probeIntervalMs,
      imports: [hdfs],
      inject: [FILE_STORE],
      useFactory: (store: FileStore) => () => store.describe(config.root),
    });
    return {
      module: AppModule,
      imports: [
        ObservabilityModule.forRoot(logger, { app: 'hdfs-sink', settings: config }),
        sink,
        StatusModule.forRoot('hdfs-sink', connection),
        RecoverModule.forRoot(config, hdfs),
        health,
        SearchModule.forRoot(config.root, hdfs, connection),
      ],
    };
  }
}
