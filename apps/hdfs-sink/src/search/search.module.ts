import { type DynamicModule, Module } from '@nestjs/common';
import { GROUPS, queryGroup } from '@pipeline/event-schema';
import { type KafkaConnection, QueryServer } from '@pipeline/kafka-transport';
import { type Logger, LOGGER, Readiness } from '@pipeline/observability';
import { FileController, SEARCH_ROOT } from './file.controller.ts';

/** Answers questions about stored files over Kafka. */
@Module({})
export class SearchModule {
  static forRoot(root: string, hdfs: DynamicModule, connection: KafkaConnection): DynamicModule {
    return {
      module: SearchModule,
      imports: [hdfs],
      controllers: [FileController],
      providers: [
        { provide: SEARCH_ROOT, useValue: root },
        {
          provide: QueryServer,
          inject: [LOGGER, Readiness],
          useFactory: (logger: Logger, readiness: Readiness) =>
            new QueryServer({ connection, groupId: queryGroup(GROUPS.hdfsSink), logger, readiness }),
        },
      ],
      exports: [QueryServer],
    };
  }
}
