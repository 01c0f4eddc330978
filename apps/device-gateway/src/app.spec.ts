import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type NestFastifyApplication, FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { createLogger } from '@pipeline/observability';
import {
  EVENT_PUBLISHER,
  MemoryEventPublisher,
  MemoryRejectedLog,
  REJECTED_LOG,
} from '@pipeline/intake/testing';
import { connectAsync, type MqttClient } from 'mqtt';
import { eventually } from '../testing/door.fixture.ts';
import { DeviceGatewayModule } from './app.module.ts';
import { deviceGatewaySettings } from './device-gateway.config.ts';
import { type AedesMqttDoor } from './mqtt/aedes.mqtt-door.ts';
import { MqttServer } from './mqtt/mqtt-server.ts';

const TOPIC = 'devices/press-7/readings';

let app: NestFastifyApplication;
let publisher: MemoryEventPublisher;
let rejected: MemoryRejectedLog;
let client: MqttClient;

beforeEach(async () => {
  publisher = new MemoryEventPublisher();
  rejected = new MemoryRejectedLog();
  const config = deviceGatewaySettings.load({ MQTT_PORT: '0', DEVICE_GATEWAY_RETRY_AFTER_MS: '1' });
  const testing = await Test.createTestingModule({
    imports: [DeviceGatewayModule.forRoot(config, createLogger('device-gateway', 'silent'))],
  })
    .overrideProvider(EVENT_PUBLISHER)
    .useValue(publisher)
    .overrideProvider(REJECTED_LOG)
    .useValue(rejected)
    .compile();
  app = testing.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  const strategy = app.get(MqttServer);
  app.connectMicroservice({ strategy });
  await app.startAllMicroservices();
  await app.init();
  const { port } = strategy.unwrap<AedesMqttDoor>();
  client = await connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 1, clientId: 'press-7' });
});

afterEach(async () => {
  await client.endAsync(true);
  await app.close();
});

const publish = (payload: string) => client.publishAsync(TOPIC, payload, { qos: 1 });

describe('the app', () => {
  it('acknowledges a message when its readings are in Kafka, keyed by device, and not before', async () => {
    publisher.hold();
    let isAcknowledged = false;
    const done = publish('{"temperature":21.50,"humidity":40}').then(() => (isAcknowledged = true));
    await eventually(() => expect(publisher.calls).toHaveLength(1));
    expect(isAcknowledged).toBe(false);
    publisher.release();
    await done;
    const [{ topic, records } = { topic: '', records: [] }] = publisher.calls;
    expect(topic).toBe('device-reading');
    expect(records.map(({ key }) => key)).toEqual(['press-7', 'press-7']);
    expect(records[0]!.value).toContain('"value":21.50');
    expect(publisher.events()).toMatchObject([
      {
        event_type: 'device-reading',
        device_id: 'press-7',
        metric: 'temperature',
        received_at: expect.any(String),
      },
      { event_type: 'device-reading', device_id: 'press-7', metric: 'humidity', value: 40 },
    ]);
    expect(publisher.events()[0]).not.toHaveProperty('user_agent');
  });

  it('does not acknowledge what Kafka does not take: the device sends again, and it is in Kafka once', async () => {
    publisher.failure = 'kafka-unavailable';
    const done = publish('{"temperature":21,"id":"r-1"}');
    await eventually(() => expect(publisher.calls.length).toBeGreaterThan(1));
    publisher.failure = undefined;
    await done;
    const ids = publisher.events().map(({ event_id }) => event_id);
    expect(new Set(ids).size).toBe(1);
  });

  it('takes a reading with an id once, however often the device sends it', async () => {
    await publish('{"temperature":21,"id":"r-1"}');
    await publish('{"temperature":21,"id":"r-1"}');
    expect(publisher.events()).toHaveLength(1);
    await publish('{"temperature":21}');
    await publish('{"temperature":21}');
    expect(publisher.events()).toHaveLength(3);
  });

  it('corrects the clock of a device by what it says of itself', async () => {
    const anHourAhead = Date.now() + 3_600_000;
    await publish(JSON.stringify({ a: 1, ts: anHourAhead - 60_000, sent_at: anHourAhead }));
    const [{ occurred_at, received_at } = {}] = publisher.events();
    expect(Date.parse(String(received_at)) - Date.parse(String(occurred_at))).toBe(60_000);
  });

  it.each([
    ['no JSON', '{"a":', 'malformed-json'],
    ['no reading', '"warm"', 'field-missing'],
    ['a value that nests', '{"a":{"b":1}}', 'field-type'],
    ['nothing', '', undefined],
  ])(
    'acknowledges %s, which no repetition would mend, and keeps why it was refused',
    async (_what, payload, code) => {
      await publish(payload);
      expect(publisher.events()).toEqual([]);
      expect(rejected.events.map((event) => event.code)).toEqual(code === undefined ? [] : [code]);
    },
  );

  it('keeps the right readings of a message beside a wrong one', async () => {
    await publish('[{"a":1},{"b":{}},{"c":3}]');
    expect(publisher.events().map(({ metric }) => metric)).toEqual(['a', 'c']);
    expect(rejected.events.map(({ code }) => code)).toEqual(['field-type']);
  });

  it.each([
    ['a status', '{"status":"offline","reason":"battery"}', { status: 'offline', reason: 'battery' }],
    ['a status as text, as wills mostly are', 'offline', { status: 'offline' }],
    ['a status as JSON text', '"online"', { status: 'online' }],
  ])('makes a state of the device of %s', async (_what, payload, expected) => {
    await client.publishAsync('devices/press-7/status', payload, { qos: 1, retain: true });
    expect(publisher.calls.map(({ topic }) => topic)).toEqual(['device-status']);
    expect(publisher.events()).toMatchObject([
      { event_type: 'device-status', device_id: 'press-7', ...expected },
    ]);
  });

  it('keeps why a state was refused with the states', async () => {
    await client.publishAsync('devices/press-7/status', 'asleep', { qos: 1 });
    expect(rejected.events).toMatchObject([{ code: 'value-unknown', path: 'status' }]);
  });
});
