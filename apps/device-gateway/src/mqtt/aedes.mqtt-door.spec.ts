import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { DoorUnderTest, eventually } from '../../testing/door.fixture.ts';
import { type MqttClient } from 'mqtt';
import { KnownDevices } from './device-access.ts';

const READINGS = 'devices/press-7/readings';

let door: DoorUnderTest | undefined;
afterEach(async () => {
  await door?.close();
  door = undefined;
});

async function open(...options: Parameters<typeof DoorUnderTest.open>): Promise<DoorUnderTest> {
  return (door = await DoorUnderTest.open(...options));
}

/** Publishes and says when the acknowledgement is there. */
function publish(client: MqttClient, payload: string, qos: 0 | 1 | 2 = 1, topic = READINGS) {
  const message = { isAcknowledged: false, failure: undefined as Error | undefined };
  client.publish(topic, payload, { qos }, (error) => {
    if (error) message.failure = error;
    else message.isAcknowledged = true;
  });
  return message;
}

function closed(client: MqttClient): Promise<void> {
  return new Promise((resolve) => client.once('close', resolve));
}

describe('the door', () => {
  it.each([1, 2] as const)(
    'acknowledges a message of QoS %i after it is safe, and not before',
    async (qos) => {
      const { taken } = await open();
      const safe = Promise.withResolvers<void>();
      door!.take = () => safe.promise;
      const client = await door!.connect();
      const message = publish(client, '21.5', qos);
      await eventually(() => expect(taken).toHaveLength(1));
      // What the broker would have sent by now is here.
      await client.subscribeAsync('devices/press-7/commands');
      expect(message.isAcknowledged).toBe(false);
      safe.resolve();
      await eventually(() => expect(message.isAcknowledged).toBe(true));
      expect(taken[0]).toMatchObject({ topic: READINGS, deviceId: 'press-7', qos });
      expect(String(taken[0]!.payload)).toBe('21.5');
    },
  );

  it('acknowledges in the order of the messages, whichever is safe first', async () => {
    const { taken } = await open();
    const safe = [0, 1, 2].map(() => Promise.withResolvers<void>());
    door!.take = () => safe[taken.length - 1]!.promise;
    const client = await door!.connect();
    const acknowledged: number[] = [];
    for (const n of [0, 1, 2]) client.publish(READINGS, String(n), { qos: 1 }, () => acknowledged.push(n));
    await eventually(() => expect(taken).toHaveLength(3));
    safe[2]!.resolve();
    safe[1]!.resolve();
    // What the broker would have sent by now is here. It reads the client that waits no further.
    await (await door!.connect()).subscribeAsync('devices/press-7/commands');
    expect(acknowledged).toEqual([]);
    safe[0]!.resolve();
    await eventually(() => expect(acknowledged).toEqual([0, 1, 2]));
  });

  it('makes a device send again what could not be made safe, and acknowledges nothing behind it', async () => {
    const { taken } = await open();
    door!.take = ({ payload }) =>
      taken.length === 1 ? Promise.reject(new Error(`${String(payload)}: Kafka is away`)) : Promise.resolve();
    const client = await door!.connect({ reconnectPeriod: 1, clientId: 'press-7' });
    const messages = ['a', 'b'].map((payload) => publish(client, payload));
    await eventually(() =>
      expect(messages.map(({ isAcknowledged }) => isAcknowledged)).toEqual([true, true]),
    );
    expect(taken.map(({ payload }) => String(payload)).slice(-2)).toEqual(['a', 'b']);
    expect(await door!.metrics()).toContain('gateway_messages_total{outcome="not-durable"} 2');
  });

  it('loses a message of QoS 0 that could not be made safe, and keeps the connection', async () => {
    await open();
    door!.take = () => Promise.reject(new Error('Kafka is away'));
    const client = await door!.connect();
    publish(client, '1', 0);
    await eventually(async () => expect(await door!.metrics()).toContain('outcome="lost"} 1'));
    expect(client.connected).toBe(true);
  });

  it('takes the will of a connection that is lost, and none of one that says good-bye', async () => {
    const { taken } = await open();
    const will = {
      topic: 'devices/press-7/status',
      payload: Buffer.from('gone'),
      qos: 1,
      retain: true,
    } as const;
    const polite = await door!.connect({ will });
    await polite.endAsync();
    const lost = await door!.connect({ will });
    lost.stream.destroy();
    await eventually(() => expect(taken).toHaveLength(1));
    expect(taken[0]).toMatchObject({ topic: 'devices/press-7/status', deviceId: 'press-7' });
  });

  it('brings a device nothing of what devices publish, and keeps nothing for it', async () => {
    await open();
    const listener = await door!.connect();
    const received: string[] = [];
    listener.on('message', (topic) => received.push(topic));
    await listener.subscribeAsync(['devices/press-7/readings', 'devices/press-7/status'], { qos: 1 });
    const sender = await door!.connect();
    await sender.publishAsync(READINGS, '1', { qos: 1, retain: true });
    await sender.publishAsync('devices/press-7/status', '{}', { qos: 1, retain: true });
    await listener.subscribeAsync('devices/press-7/readings');
    expect(received).toEqual([]);
  });

  it('acknowledges what it has taken before it stops, and takes nothing more', async () => {
    const { taken } = await open();
    const safe = Promise.withResolvers<void>();
    door!.take = () => safe.promise;
    const client = await door!.connect();
    const first = publish(client, 'a');
    await eventually(() => expect(taken).toHaveLength(1));
    const closing = door!.door.close();
    const second = publish(client, 'b');
    safe.resolve();
    await closing;
    await eventually(() => expect(client.connected).toBe(false));
    expect([first.isAcknowledged, second.isAcknowledged]).toEqual([true, false]);
    expect(taken).toHaveLength(1);
  });
});

describe('a device', () => {
  let folder: string;
  const devicesFile = async (): Promise<string> => {
    folder = await mkdtemp(join(tmpdir(), 'devices-'));
    const hash = createHash('sha256').update('secret').digest('hex');
    await writeFile(join(folder, 'devices'), `# id:SHA-256\npress-7:${hash}\n`);
    return join(folder, 'devices');
  };
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is let in with its secret only', async () => {
    await open({ access: await KnownDevices.load(await devicesFile()) });
    for (const login of [
      {},
      { username: 'press-7' },
      { username: 'press-7', password: 'x' },
      { username: 'q', password: 'secret' },
    ]) {
      await expect(door!.connect(login)).rejects.toThrow('Not authorized');
    }
    const client = await door!.connect({ username: 'press-7', password: 'secret' });
    await client.publishAsync(READINGS, '1', { qos: 1 });
    expect(await door!.metrics()).toContain('gateway_connections_refused_total{reason="login"} 4');
  });

  it('publishes and subscribes below its own id only', async () => {
    const { taken } = await open({ access: await KnownDevices.load(await devicesFile()) });
    const login = { username: 'press-7', password: 'secret' };
    for (const topic of [
      'devices/press-8/readings',
      'devices/press-7/commands',
      'devices/press-7',
      '$SYS/x',
      'a',
    ]) {
      const client = await door!.connect(login);
      client.publish(topic, '1', { qos: 1 });
      await closed(client);
    }
    expect(taken).toEqual([]);
    const client = await door!.connect(login);
    const wanted = [
      'devices/press-7/commands',
      'devices/+/commands',
      'devices/press-8/commands',
      '#',
      '$SYS/#',
    ];
    const granted = await client.subscribeAsync(wanted, { qos: 1 }).catch((error: Error) => error);
    expect(granted).toBeInstanceOf(Error);
    expect((await client.subscribeAsync('devices/press-7/commands', { qos: 1 }))[0]).toMatchObject({
      qos: 1,
    });
  });

  it('may leave no will on the topic of something else', async () => {
    await open();
    const will = { topic: 'alarms/all', payload: Buffer.from('x'), qos: 1, retain: false } as const;
    await expect(door!.connect({ will, connectTimeout: 2_000 })).rejects.toThrow();
  });
});

describe('a connection is ended', () => {
  it('that claims a packet above the limit, before the packet is there', async () => {
    await open();
    const socket = await rawClient();
    // CONNECT of 200 MB.
    socket.write(Buffer.from([0x10, 0x80, 0x80, 0x80, 0x60, 0, 4]));
    await once(socket, 'close');
    expect(await door!.metrics()).toContain('reason="packet-too-large"} 1');
  });

  it('whose message is above the limit', async () => {
    const { taken } = await open();
    const client = await door!.connect();
    client.publish(READINGS, 'x'.repeat(5_000), { qos: 1 });
    await closed(client);
    expect(taken).toEqual([]);
  });

  it('that has more messages under way than it may', async () => {
    const { taken } = await open({ limits: { maxInFlight: 3 } as never });
    const safe = Promise.withResolvers<void>();
    door!.take = () => safe.promise;
    const client = await door!.connect();
    for (const n of [1, 2, 3, 4]) client.publish(READINGS, String(n), { qos: 1 });
    await closed(client);
    expect(taken).toHaveLength(3);
    safe.resolve();
  });

  it.each([
    ['that is no MQTT', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['that publishes before it says who it is', Buffer.from([0x30, 5, 0, 1, 0x61, 0x62, 0x63])],
  ])('%s', async (_what, bytes) => {
    const { taken } = await open();
    const socket = await rawClient();
    socket.write(bytes);
    await once(socket, 'close');
    expect(taken).toEqual([]);
  });

  it('beyond the most that may be open', async () => {
    await open({ limits: { maxConnections: 2 } as never });
    await door!.connect();
    await door!.connect();
    await expect(door!.connect({ connectTimeout: 1_000 })).rejects.toThrow();
    expect(await door!.metrics()).toContain('reason="connections"} 1');
  });

  async function rawClient(): Promise<Socket> {
    const socket = connect(door!.door.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.resume();
    await once(socket, 'connect');
    return socket;
  }
});
