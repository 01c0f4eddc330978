import { type DynamicModule, Module } from '@nestjs/common';
import { type KafkaConnection, OffsetReader, TopicReader } from '@pipeline/kafka-transport';
import { LOGGER, type Logger } from '@pipeline/observability';
import { HISTORY, type History } from '../query/history.ts';
import { type OffsetSource } from '../status/broker-watch.ts';
import { DeadLettersController } from './dead-letters.controller.ts';
import { DEAD_LETTERS, type DeadLetters } from './dead-letters.ts';
import { EventTracer } from './event-tracer.ts';
import { JourneyController } from './journey.controller.ts';
import { KafkaDeadLetters } from './kafka.dead-letters.ts';
import { KafkaRefusals } from './kafka.refusals.ts';
import { RecentEvents } from './recent-events.ts';
import { REFUSALS, type Refusals } from './refusals.ts';

/** Explains any single event. */
@Module({})
export class JourneyModule {
  static forRoot(connection: KafkaConnection, imports: DynamicModule[]): DynamicModule {
    return {
      module: JourneyModule,
      imports,
      controllers: [JourneyController, DeadLettersController],
      providers: [
        { provide: RecentEvents, useClass: RecentEvents },
        {
          provide: DEAD_LETTERS,
          inject: [LOGGER],
          useFactory: (logger: Logger) => new KafkaDeadLetters(new TopicReader(connection, logger)),
        },
        {
          provide: REFUSALS,
          inject: [LOGGER],
          useFactory: (logger: Logger) => new KafkaRefusals(new TopicReader(connection, logger)),
        },
        {
          provide: EventTracer,
          inject: [HISTORY, OffsetReader, DEAD_LETTERS, REFUSALS, RecentEvents],
          useFactory: (
            history: History,
            offsets: OffsetSource,
            deadLetters: DeadLetters,
            refusals: Refusals,
            recent: RecentEvents,
          ) => new EventTracer({ history, offsets, deadLetters, refusals, recent }),
        },
      ],
      exports: [RecentEvents],
    };
  }
}
