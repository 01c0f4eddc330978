import { describe, expect, it } from '@jest/globals';
import { type StackPorts } from '../ports/stack-ports.ts';
import { appUrl, pipelineEnvironment } from './app-definitions.ts';

const PORTS: StackPorts = {
  kafka: [9092, 9093],
  kafkaControllers: [1, 2],
  kafkaSecure: [],
  webHdfs: 9870,
  hdfs: 8020,
  dataNode: { transfer: 3, http: 4, ipc: 5 },
  elasticsearch: 9200,
  elasticsearchTransport: 6,
  mqtt: 1883,
  apps: {
    'collector-api': 3001,
    'hdfs-sink': 3002,
    'es-sink': 3003,
    'web-ui': 3000,
    'device-gateway': 3004,
    audit: 3005,
  },
};

const STACK = { ports: PORTS, kafkaBrokers: ['127.0.0.1:9092', '127.0.0.1:9093'] };

const settings = (given: Record<string, string>) =>
  pipelineEnvironment({ ...STACK, spoolDir: '/state/spool', given });

describe('the settings that a stack gives to its apps', () => {
  it('are its addresses, and a rotation that shows a click within seconds', () => {
    expect(settings({})).toEqual({
      KAFKA_BROKERS: '127.0.0.1:9092,127.0.0.1:9093',
      WEBHDFS_URL: 'http://127.0.0.1:9870',
      ELASTICSEARCH_NODE: 'http://127.0.0.1:9200',
      COLLECTOR_PUBLIC_URL: 'http://localhost:3001',
      HDFS_SINK_FLUSH_MAX_AGE_MS: '5000',
      MQTT_PORT: '1883',
      COLLECTOR_API_SPOOL_DIR: '/state/spool',
      DEVICE_GATEWAY_SPOOL_DIR: '/state/spool-devices',
    });
  });

  it.each(Object.keys(settings({})))('leave %s as it was set', (key) => {
    const before = settings({});
    expect(settings({ [key]: 'mine' })).toEqual({ ...before, [key]: 'mine' });
    expect(settings({ [key]: '' })).toEqual(before);
  });

  it('have no spool where none is asked for', () => {
    expect(pipelineEnvironment({ ...STACK, given: {} })).not.toHaveProperty('COLLECTOR_API_SPOOL_DIR');
  });

  it('send the log lines of the apps to the collector where that is asked for', () => {
    const endpoint = { OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://localhost:3001/v1/logs' };
    expect(pipelineEnvironment({ ...STACK, shipsLogs: true, given: {} })).toMatchObject(endpoint);
    expect(settings({})).not.toHaveProperty('OTEL_EXPORTER_OTLP_LOGS_ENDPOINT');
  });

  it('name the address on which the apps listen', () => {
    expect(settings({ LISTEN_HOST: '192.0.2.7' })).toMatchObject({
      COLLECTOR_PUBLIC_URL: 'http://192.0.2.7:3001',
    });
  });
});

describe('appUrl', () => {
  it.each([
    ['', 'http://localhost:3000'],
    ['127.0.0.1', 'http://localhost:3000'],
    ['0.0.0.0', 'http://localhost:3000'],
    ['192.0.2.7', 'http://192.0.2.7:3000'],
  ])('with LISTEN_HOST=%s is %s', (host, url) => {
    expect(appUrl(3000, { LISTEN_HOST: host })).toBe(url);
  });
});
