import 'reflect-metadata';
import { loadOrExit } from '@pipeline/config';
import { KafkaBatchServer, QueryServer } from '@pipeline/kafka-transport';
import { createLogger, runApp } from '@pipeline/observability';
import { AppModule } from './app.module.ts';
import { esSinkSettings } from './es-sink.config.ts';

const config = loadOrExit(esSinkSettings);
const logger = createLogger('es-sink', config.logLevel);
logger.info({ settings: esSinkSettings.redact(config) }, 'settings read');

await runApp(AppModule.forRoot(config, logger), {
  logger,
  port: config.port,
  listenHost: config.listenHost,
  shutdownGraceMs: config.shutdownGraceMs,
  configure: (app) => {
    app.connectMicroservice({ strategy: app.get(KafkaBatchServer) });
    app.connectMicroservice({ strategy: app.get(QueryServer) });
  },
});
