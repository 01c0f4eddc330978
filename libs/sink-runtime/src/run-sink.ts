import { type DynamicModule, type InjectionToken, Module, type Provider, type Type } from '@nestjs/common';
import { loadOrExit, type Setting, type Settings, type Values } from '@pipeline/config';
import { queryGroup, type SinkName, SINKS } from '@pipeline/event-schema';
import { KafkaBatchServer, kafkaConnection, QueryServer, StatusModule } from '@pipeline/kafka-transport';
import {
  appLogger,
  type Logger,
  LOGGER,
  ObservabilityModule,
  Readiness,
  runApp,
} from '@pipeline/observability';
import { type SinkValues } from './sink-settings.ts';
import { SinkModule, type SinkProbe } from './sink.module.ts';
import { type SinkWriter } from './sink-writer.ts';

type SinkShape<Config> = Readonly<Record<string, Setting<unknown>>> & {
  readonly [Name in keyof Config]: Setting<Config[Name]>;
};

/** A sink app: its store, and what is asked of it. Everything else is the same in every sink. */
export interface SinkApp<Shape extends SinkShape<SinkValues>> {
  readonly name: SinkName;
  readonly settings: Settings<Shape>;
  readonly parts: (config: Values<Shape>) => SinkParts;
}

export interface SinkParts {
  /** Modules that provide what the other parts inject. */
  readonly imports: DynamicModule[];
  /** Names its {@link SinkWriter}. */
  readonly writer: InjectionToken<SinkWriter>;
  /** Asks its store whether it is there; `/readyz` tells. */
  readonly probe: Pick<SinkProbe, 'inject' | 'useFactory' | 'toleranceMs'>;
  /** Answers questions over Kafka with `@MessagePattern`. */
  readonly queries: { readonly controllers: Type[]; readonly providers?: Provider[] };
}

/** Runs a sink until SIGTERM or SIGINT: settings, log, consumer, dead letters, status, readiness, questions. */
export async function runSink<Shape extends SinkShape<SinkValues>>(sink: SinkApp<Shape>): Promise<void> {
  const config = loadOrExit(sink.settings) as Values<Shape> & SinkValues;
  const logger = appLogger(sink.name, config);
  logger.info({ settings: sink.settings.redact(config) }, 'settings read');
  await runApp(SinkAppModule.forRoot(sink, config, logger), {
    logger,
    port: config.port,
    listenHost: config.listenHost,
    shutdownGraceMs: config.shutdownGraceMs,
    configure: (app) => {
      app.connectMicroservice({ strategy: app.get(KafkaBatchServer) });
      app.connectMicroservice({ strategy: app.get(QueryServer) });
    },
  });
}

/** The modules of a sink app. */
@Module({})
export class SinkAppModule {
  static forRoot<Shape extends SinkShape<SinkValues>>(
    { name, parts }: SinkApp<Shape>,
    config: Values<Shape> & SinkValues,
    logger: Logger,
  ): DynamicModule {
    const connection = kafkaConnection(config, name);
    const { imports, writer, probe, queries } = parts(config);
    const { store } = SINKS.find((sink) => sink.name === name)!;
    return {
      module: SinkAppModule,
      imports: [
        ObservabilityModule.forRoot(logger, { app: name, settings: config }),
        SinkModule.forRoot({
          group: name,
          settings: config,
          connection,
          imports,
          writer,
          probe: { store, intervalMs: config.probeIntervalMs, ...probe },
        }),
        StatusModule.forRoot(name, connection),
        ...imports,
      ],
      controllers: queries.controllers,
      providers: [
        ...(queries.providers ?? []),
        {
          provide: QueryServer,
          inject: [LOGGER, Readiness],
          useFactory: (log: Logger, readiness: Readiness) =>
            new QueryServer({ connection, groupId: queryGroup(name), logger: log, readiness }),
        },
      ],
    };
  }
}
