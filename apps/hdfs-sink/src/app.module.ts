import { type DynamicModule, Module } from '@nestjs/common';
import { GROUPS } from '@pipeline/event-schema';
import { kafkaConnection, StatusModule } from '@pipeline/kafka-transport';
import { type Logger, ObservabilityModule } from '@pipeline/observability';
import { deadLetterLimits, flushPolicy, SinkModule } from '@pipeline/sink-runtime';
import { EventsController } from './consume/events.controller.ts';
import { type HdfsSinkConfig } from './hdfs-sink.config.ts';
import { HdfsModule } from './hdfs/hdfs.module.ts';
import { HealthModule } from './health/health.module.ts';
import { RecoverModule } from './recover/recover.module.ts';
import { SearchModule } from './search/search.module.ts';
import { HdfsSinkWriter } from './write/hdfs-sink-writer.ts';
import { WriteModule } from './write/write.module.ts';

@Module({})
export class AppModule {
  static forRoot(config: HdfsSinkConfig, logger: Logger): DynamicModule {
    const connection = kafkaConnection(config, GROUPS.hdfsSink);
    const hdfs = HdfsModule.forRoot(config);
    const sink = SinkModule.forRoot({
      group: GROUPS.hdfsSink,
      policy: flushPolicy(config),
      deadLetterLimits: deadLetterLimits(config),
      memoryBudgetBytes: config.memoryBudgetBytes,
      sessionTimeoutMs: config.sessionTimeoutMs,
      drainTimeoutMs: config.drainTimeoutMs,
      connection,
      imports: [WriteModule.forRoot(config, hdfs)],
      inject: [HdfsSinkWriter],
      useFactory: (writer: HdfsSinkWriter) => writer,
    });
    return {
      module: AppModule,
      imports: [
        ObservabilityModule.forRoot(logger),
        sink,
        StatusModule.forRoot('hdfs-sink', connection),
        RecoverModule.forRoot(config, hdfs),
        HealthModule.forRoot(config, hdfs),
        SearchModule.forRoot(config.root, hdfs, connection),
      ],
      controllers: [EventsController],
    };
  }
}
