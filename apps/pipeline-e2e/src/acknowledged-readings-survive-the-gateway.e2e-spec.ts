import { TOPICS } from '@pipeline/event-schema';
import { eventually, readHdfsRows, searchDocuments, startPipeline, type LocalStack } from '@pipeline/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectAsync, type MqttClient } from 'mqtt';

const { name: TOPIC } = TOPICS.deviceReading;
const PATIENCE = { timeoutMs: 120_000, intervalMs: 500 };
const DEVICES = 100;
const READINGS = 40;

type Row = Readonly<Record<string, unknown>>;

/** A reading by what its device says of it. */
const nameOf = ({ device_id, seq }: Row): string => `${String(device_id)} ${String(seq)}`;

describe('devices', () => {
  let stack: LocalStack;
  beforeAll(async () => {
    stack = await startPipeline({
      apps: ['device-gateway', 'hdfs-sink', 'es-sink'],
      environment: { HDFS_SINK_FLUSH_MAX_AGE_MS: '500', DEVICE_GATEWAY_RETRY_AFTER_MS: '500' },
    });
  });
  afterAll(() => stack?.stop());

  const connect = (clientId: string): Promise<MqttClient> =>
    connectAsync(`mqtt://127.0.0.1:${stack.environment['MQTT_PORT']}`, {
      clientId,
      protocolVersion: 4,
      clean: false,
      reconnectPeriod: 50,
    });

  it('find every acknowledged reading once in both stores, though the gateway is killed twice', async () => {
    const acknowledged = new Set<string>();
    const clients = await Promise.all(Array.from({ length: DEVICES }, (_, n) => connect(`device-${n}`)));
    const devices = clients.map(async (client, n) => {
      const deviceId = `device-${n}`;
      client.on('error', () => undefined);
      for (let seq = 1; seq <= READINGS; seq += 1) {
        const reading = { temperature: 20 + seq / 10, seq, id: `r-${seq}`, ts: Date.now() };
        await client.publishAsync(`devices/${deviceId}/readings`, JSON.stringify(reading), { qos: 1 });
        acknowledged.add(nameOf({ device_id: deviceId, seq }));
      }
      await client.endAsync();
    });
    const gateway = stack.app('device-gateway');
    for (const share of [0.25, 0.6]) {
      await eventually(() => expect(acknowledged.size).toBeGreaterThan(DEVICES * READINGS * share), {
        ...PATIENCE,
        intervalMs: 1,
      });
      gateway.kill('SIGKILL');
      await gateway.start();
    }
    await Promise.all(devices);
    expect(acknowledged.size).toBe(DEVICES * READINGS);

    const expected = [...acknowledged].sort();
    await eventually(async () => {
      const documents = await searchDocuments(stack, `${TOPIC}-*`);
      expect(documents.map(({ source }) => nameOf(source)).sort()).toEqual(expected);
    }, PATIENCE);
    await eventually(async () => {
      const rows = await readHdfsRows(stack, TOPIC);
      // A row that Kafka holds twice is counted once by the Hive view: by its id.
      const byId = new Map(rows.map((row) => [row['event_id'], nameOf(row)]));
      expect([...byId.values()].sort()).toEqual(expected);
    }, PATIENCE);
  });
});
