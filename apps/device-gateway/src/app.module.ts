import { readFile } from 'node:fs/promises';
import { type TlsOptions } from 'node:tls';
import { type DynamicModule, Module } from '@nestjs/common';
import { topicsOfIngress } from '@pipeline/event-schema';
import { IntakeModule } from '@pipeline/intake';
import { type Logger, METRICS_REGISTRY } from '@pipeline/observability';
import { type Registry } from 'prom-client';
import { type DeviceGatewayConfig } from './device-gateway.config.ts';
import { DevicesController } from './devices.controller.ts';
import { AedesMqttDoor } from './mqtt/aedes.mqtt-door.ts';
import { KnownDevices, OPEN_ACCESS } from './mqtt/device-access.ts';
import { gatewayMetrics } from './mqtt/gateway-metrics.ts';
import { MqttServer } from './mqtt/mqtt-server.ts';

@Module({})
export class DeviceGatewayModule {
  static forRoot(config: DeviceGatewayConfig, logger: Logger): DynamicModule {
    const app = 'device-gateway';
    return {
      module: DeviceGatewayModule,
      imports: [IntakeModule.forRoot({ app, config, logger, topics: topicsOfIngress('mqtt') })],
      controllers: [DevicesController],
      providers: [
        {
          provide: MqttServer,
          inject: [METRICS_REGISTRY],
          useFactory: async (registry: Registry) => new MqttServer(await openDoor(config, logger, registry)),
        },
      ],
    };
  }
}

async function openDoor(
  config: DeviceGatewayConfig,
  logger: Logger,
  registry: Registry,
): Promise<AedesMqttDoor> {
  const { devicesFile, tlsCaFile, isOpen, listenHost, mqttPort, retryAfterMs } = config;
  const knowsDevices = devicesFile !== '' || tlsCaFile !== '';
  return new AedesMqttDoor({
    host: listenHost,
    port: mqttPort,
    tls: await tlsOptions(config),
    access: knowsDevices && !isOpen ? await KnownDevices.load(devicesFile) : OPEN_ACCESS,
    limits: config,
    retryAfterMs,
    logger,
    metrics: gatewayMetrics(registry),
  });
}

async function tlsOptions(config: DeviceGatewayConfig): Promise<TlsOptions | undefined> {
  const { tlsCertFile, tlsKeyFile, tlsCaFile } = config;
  if (tlsCertFile === '') return undefined;
  const [cert, key] = await Promise.all([readFile(tlsCertFile), readFile(tlsKeyFile)]);
  if (tlsCaFile === '') return { cert, key };
  // A device without a certificate may have a secret instead.
  return { cert, key, ca: await readFile(tlsCaFile), requestCert: true, rejectUnauthorized: false };
}
