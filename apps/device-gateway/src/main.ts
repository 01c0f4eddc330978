import { loadOrExit } from '@pipeline/config';
import { appLogger, runApp } from '@pipeline/observability';
import { DeviceGatewayModule } from './app.module.ts';
import { deviceGatewaySettings } from './device-gateway.config.ts';
import { MqttServer } from './mqtt/mqtt-server.ts';

const config = loadOrExit(deviceGatewaySettings);
const logger = appLogger('device-gateway', config);

await runApp(DeviceGatewayModule.forRoot(config, logger), {
  logger,
  port: config.port,
  listenHost: config.listenHost,
  shutdownGraceMs: config.shutdownGraceMs,
  configure: (app) => {
    app.connectMicroservice({ strategy: app.get(MqttServer) });
  },
});
