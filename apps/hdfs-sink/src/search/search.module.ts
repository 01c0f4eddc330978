import { type DynamicModule, Module } from '@nestjs/common';
import { GROUPS } from '@pipeline/event-schema';
import { type KafkaConnection, QueryServer } from '@pipeline/kafka-transport';
import { type Logger, LOGGER, Readiness } from '@pipeline/observability';
import { FileController, SEARCH_ROOT } from './file.controller.ts';

/** A group of its own: a question must not wait for a rebalance of the sink. */
const QUERY_GROUP = `${GROUPS.hdfsSink}-queries`;

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
            new QueryServer({ connection, groupId: QUERY_GROUP, logger, readiness }),
        },
      ],
      exports: [QueryServer],
    };
  }
}
