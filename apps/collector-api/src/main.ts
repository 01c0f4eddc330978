import { loadOrExit } from '@pipeline/config';
import { appLogger, runApp } from '@pipeline/observability';
import { CollectorApiModule, configureHttp } from './app.module.ts';
import { collectorApiSettings } from './collector-api.config.ts';
import { CollectorHttpAdapter } from './http/collector.http-adapter.ts';

const config = loadOrExit(collectorApiSettings);
const logger = appLogger('collector-api', config);

await runApp(CollectorApiModule.forRoot(config, logger), {
  logger,
  port: config.port,
  listenHost: config.listenHost,
  shutdownGraceMs: config.shutdownGraceMs,
  stopDelayMs: config.stopDelayMs,
  adapter: new CollectorHttpAdapter(config),
  configure: configureHttp,
});
