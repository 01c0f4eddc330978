import 'reflect-metadata';
import { fileURLToPath } from 'node:url';
import { loadOrExit } from '@pipeline/config';
import { KafkaBatchServer } from '@pipeline/kafka-transport';
import { appLogger, runApp } from '@pipeline/observability';
import { WebUiModule } from './app.module.ts';
import { createAdapter } from './http/create-adapter.ts';
import { serveClient } from './http/serve-client.ts';
import { webUiSettings } from './web-ui.config.ts';

const config = loadOrExit(webUiSettings);
const logger = appLogger('web-ui', config);
const clientFolder = fileURLToPath(new URL('./client/', import.meta.url));

await runApp(WebUiModule.forRoot({ config, logger, clientFolder }), {
  logger,
  port: config.port,
  listenHost: config.listenHost,
  shutdownGraceMs: config.shutdownGraceMs,
  adapter: createAdapter(config),
  configure: async (app) => {
    app.connectMicroservice({ strategy: app.get(KafkaBatchServer) });
    await serveClient(app, { clientFolder, collectorUrl: config.collectorPublicUrl });
  },
});
