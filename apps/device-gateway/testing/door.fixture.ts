import { createLogger } from '@pipeline/observability';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { Registry } from 'prom-client';
import { AedesMqttDoor, type DoorOptions } from '../src/mqtt/aedes.mqtt-door.ts';
import { OPEN_ACCESS } from '../src/mqtt/device-access.ts';
import { gatewayMetrics } from '../src/mqtt/gateway-metrics.ts';
import { type MqttMessage } from '../src/mqtt/mqtt-adapter.ts';

const LIMITS: DoorOptions['limits'] = {
  maxConnections: 100,
  maxPacketBytes: 4_096,
  maxInFlight: 1_000,
  maxInFlightBytes: 1 << 20,
  messagesPerSecond: 0,
};

/** A door on a free port of loopback, whose messages the spec settles. */
export class DoorUnderTest {
  readonly taken: MqttMessage[] = [];
  /** What becomes of a message; safe at once where a spec says nothing. */
  take: (message: MqttMessage) => Promise<void> = () => Promise.resolve();
  private readonly clients: MqttClient[] = [];

  private constructor(
    readonly door: AedesMqttDoor,
    private readonly registry: Registry,
    private readonly hasTls: boolean,
  ) {}

  static async open({ limits, ...options }: Partial<DoorOptions> = {}): Promise<DoorUnderTest> {
    const registry = new Registry();
    const door = new AedesMqttDoor({
      host: '127.0.0.1',
      port: 0,
      tls: undefined,
      access: OPEN_ACCESS,
      limits: { ...LIMITS, ...limits },
      retryAfterMs: 0,
      logger: createLogger('device-gateway', 'silent'),
      metrics: gatewayMetrics(registry),
      ...options,
    });
    const opened = new DoorUnderTest(door, registry, options.tls !== undefined);
    await door.open(['devices/+/readings', 'devices/+/status'], (message) => {
      opened.taken.push(message);
      return opened.take(message);
    });
    return opened;
  }

  get url(): string {
    return `${this.hasTls ? 'mqtts' : 'mqtt'}://127.0.0.1:${this.door.port}`;
  }

  /** A client that does not come back by itself. */
  async connect(options: IClientOptions = {}): Promise<MqttClient> {
    const client = await connectAsync(
      this.url,
      { reconnectPeriod: 0, protocolVersion: 4, ...options },
      false,
    );
    client.on('error', () => undefined);
    this.clients.push(client);
    return client;
  }

  metrics(): Promise<string> {
    return this.registry.metrics();
  }

  async close(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.endAsync(true)));
    await this.door.close();
  }
}

/** Tries an assertion until it holds, without a pause between. @throws its last failure. */
export async function eventually(assertion: () => void | Promise<void>): Promise<void> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await new Promise(setImmediate);
  }
}
