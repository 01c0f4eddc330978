import 'reflect-metadata';
import { loadOrExit } from '@pipeline/config';
import { KafkaBatchServer, QueryServer } from '@pipeline/kafka-transport';
import { createLogger, runApp } from '@pipeline/observability';
import { AppModule } from './app.module.ts';
import { hdfsSinkSettings } from './hdfs-sink.config.ts';

const config = loadOrExit(hdfsSinkSettings);
const logger = createLogger('hdfs-sink', config.logLevel);
logger.info({ settings: hdfsSinkSettings.redact(config) }, 'settings read');

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
