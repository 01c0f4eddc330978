import {
  Controller,
  type DynamicModule,
  Inject,
  type InjectionToken,
  Module,
  type ModuleMetadata,
} from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { STORED_TOPICS } from '@pipeline/event-schema';
import {
  BatchContext,
  KAFKA_BATCH,
  KafkaBatchServer,
  type KafkaConnection,
  type RecordBatch,
  RecordPublisher,
} from '@pipeline/kafka-transport';
import {
  type Logger,
  LOGGER,
  METRICS_REGISTRY,
  Readiness,
  type Registry,
  type Tracer,
  TRACER,
} from '@pipeline/observability';
import { deadLetterLimits, flushPolicy, type SinkValues, WORKING_ROOM_BYTES } from './sink-settings.ts';
import { Sink, SINK_OPTIONS, SINK_WRITER, type SinkOptions } from './sink.ts';
import { type SinkWriter } from './sink-writer.ts';
import { StoreProbe, type StoreQuestion } from './store-probe.ts';

/** How a sink asks its store whether it is there. */
export interface SinkProbe extends Omit<StoreQuestion, 'ask'> {
  readonly inject?: InjectionToken[];
  /** Makes the question from what `inject` names. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- Nest types factories by their injected values
  readonly useFactory: (...injected: any[]) => StoreQuestion['ask'];
}

export interface SinkModuleOptions {
  readonly group: string;
  readonly settings: SinkValues;
  readonly connection: KafkaConnection;
  readonly imports?: ModuleMetadata['imports'];
  /** Names the store's writer, which `imports` provide. */
  readonly writer: InjectionToken<SinkWriter>;
  readonly probe: SinkProbe;
}

/** A dead letter must not be lost to a short outage: the runtime repeats a publish that failed. */
const DEAD_LETTER_PUBLISHER = {
  acks: 'all',
  compression: 'none',
  maxBatchBytes: 512 << 10,
  maxQueueBytes: 64 << 20,
  // The topic as it really is decides.
  maxRecordBytes: 32 << 20,
  timeoutMs: 10_000,
  retries: 5,
} as const;

/** Takes every topic of events and of tables from Kafka, a batch of one partition at a time. */
@Controller()
class SinkController {
  constructor(@Inject(Sink) private readonly sink: Sink) {}

  @EventPattern<string[]>([...STORED_TOPICS], KAFKA_BATCH)
  store(@Payload() batch: RecordBatch, @Ctx() context: BatchContext): Promise<void> {
    return this.sink.accept(batch, context.assignment);
  }
}

/** Everything a sink has beside its store: consumer, runtime, dead letters. Exports `Sink` and `KafkaBatchServer`. */
@Module({})
export class SinkModule {
  static forRoot(options: SinkModuleOptions): DynamicModule {
    const { group, settings, connection, writer } = options;
    const { inject = [], useFactory: questionOf, ...question } = options.probe;
    const runtime = { group, policy: flushPolicy(settings), deadLetterLimits: deadLetterLimits(settings) };
    return {
      module: SinkModule,
      imports: options.imports ?? [],
      controllers: [SinkController],
      providers: [
        {
          provide: SINK_OPTIONS,
          inject: [TRACER, StoreProbe],
          useFactory: (tracer: Tracer, probe: StoreProbe): SinkOptions => ({
            ...runtime,
            tracer,
            storeReturn: () => probe.nextReturn,
          }),
        },
        {
          provide: StoreProbe,
          inject: [Readiness, LOGGER, ...inject],
          useFactory: (readiness: Readiness, logger: Logger, ...injected: unknown[]) =>
            new StoreProbe({ ...question, ask: questionOf(...injected), readiness, logger }),
        },
        { provide: SINK_WRITER, useExisting: writer },
        Sink,
        {
          provide: RecordPublisher,
          inject: [LOGGER, METRICS_REGISTRY],
          useFactory: (logger: Logger, registry: Registry) => {
            const publisher = new RecordPublisher({
              connection,
              settings: DEAD_LETTER_PUBLISHER,
              logger,
              registry,
            });
            publisher.connect();
            return publisher;
          },
        },
        {
          provide: KafkaBatchServer,
          inject: [LOGGER, METRICS_REGISTRY, Readiness],
          useFactory: (logger: Logger, registry: Registry, readiness: Readiness) =>
            new KafkaBatchServer({
              connection,
              groupId: group,
              fromBeginning: true,
              maxInFlightBytes: settings.memoryBudgetBytes - WORKING_ROOM_BYTES,
              sessionTimeoutMs: settings.sessionTimeoutMs,
              drainTimeoutMs: settings.drainTimeoutMs,
              logger,
              registry,
              readiness,
            }),
        },
      ],
      exports: [Sink, KafkaBatchServer],
    };
  }
}
