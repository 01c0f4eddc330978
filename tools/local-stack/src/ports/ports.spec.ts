import { describe, expect, it } from '@jest/globals';
import { createServer, type AddressInfo } from 'node:net';
import { allocatePorts } from './allocate-ports.ts';
import { FreePorts } from './free-ports.ts';
import { checkPorts, portClaims } from './port-claims.ts';
import { isPortFree } from './port-probe.ts';
import { FREE_PORTS, type PublicPorts } from './stack-ports.ts';

const defaults: PublicPorts = {
  kafka: 9092,
  webHdfs: 9870,
  hdfs: 8020,
  elasticsearch: 9200,
  mqtt: 1883,
  apps: {
    'web-ui': 3000,
    'collector-api': 3001,
    'device-gateway': 3004,
    'hdfs-sink': 3002,
    'es-sink': 3003,
    audit: 3005,
  },
};
const nothingFree = () => Promise.resolve(false);
const allFree = () => Promise.resolve(true);

async function complaint(check: Promise<void>): Promise<string> {
  return check.then(
    () => '',
    (error: unknown) => (error as Error).message,
  );
}

describe('the check of the ports', () => {
  it('names every port that is taken, who needs it and which variable moves it, all at once', async () => {
    const message = await complaint(checkPorts(portClaims(defaults, 1), nothingFree));
    for (const variable of [
      'KAFKA_PORT',
      'WEBHDFS_PORT',
      'HDFS_PORT',
      'ELASTICSEARCH_PORT',
      'WEB_UI_PORT',
      'COLLECTOR_API_PORT',
      'HDFS_SINK_PORT',
      'ES_SINK_PORT',
      'MQTT_PORT',
      'DEVICE_GATEWAY_PORT',
    ])
      expect(message).toContain(`set ${variable} to another port.`);
    expect(message.split('\n')[0]).toBe(
      'Port 9092, which Kafka needs, is in use: stop the program that holds it, or set KAFKA_PORT to another port.',
    );
  });

  it('is content when all are free, and looks at no port that may be any', async () => {
    expect(await complaint(checkPorts(portClaims(defaults, 1), allFree))).toBe('');
    expect(portClaims(FREE_PORTS, 3)).toEqual([]);
  });

  it('covers each of several brokers', () => {
    const kafka = portClaims(defaults, 3, []).filter(({ variable }) => variable === 'KAFKA_PORT');
    expect(kafka.map(({ owner, port }) => [owner, port])).toEqual([
      ['Kafka broker 1', 9092],
      ['Kafka broker 2', 9093],
      ['Kafka broker 3', 9094],
    ]);
  });

  it('notices a port that two parts want', async () => {
    const claims = portClaims({ ...defaults, webHdfs: 9093 }, 2, []);
    expect(await complaint(checkPorts(claims, allFree))).toBe(
      'Port 9093 is wanted by Kafka broker 2 and by WebHDFS: set KAFKA_PORT or WEBHDFS_PORT to another port.',
    );
  });
});

describe('a port', () => {
  it.each(['127.0.0.1', '0.0.0.0'])('is in use while somebody listens on %s', async (host) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    const { port } = server.address() as AddressInfo;
    expect(await isPortFree(port)).toBe(false);
    await new Promise((resolve) => server.close(resolve));
    expect(await isPortFree(port)).toBe(true);
  });

  it('is given to one stack only, for as long as it keeps it', async () => {
    const [one, other] = [new FreePorts(), new FreePorts()];
    const claimed = await Promise.all(
      Array.from({ length: 40 }, (_, index) => (index % 2 ? one : other).claim()),
    );
    await Promise.all([one.release(), other.release()]);
    expect(new Set(claimed).size).toBe(40);
  });

  it('stays what it was asked to be, and is free where it may be any', async () => {
    const free = new FreePorts();
    const ports = await allocatePorts({ ...FREE_PORTS, kafka: 9092, webHdfs: 9870 }, 2, free);
    await free.release();
    expect(ports.kafka).toEqual([9092, 9093]);
    expect(ports.webHdfs).toBe(9870);
    expect(
      new Set([...ports.kafkaControllers, ports.hdfs, ports.elasticsearch, ...Object.values(ports.apps)])
        .size,
    ).toBe(10);
  });
});
