import { describe, expect, it } from '@jest/globals';
import { type StackPorts } from '../ports/stack-ports.ts';
import { hadoopText, propertiesText, yamlText } from './config-text.ts';
import { nodeSettings } from './elasticsearch.ts';
import { hdfsSettings } from './hdfs-settings.ts';
import { brokerSettings } from './kafka.ts';

const ports: StackPorts = {
  kafka: [9092, 9093, 9094],
  kafkaControllers: [21_001, 21_002, 21_003],
  kafkaSecure: [],
  webHdfs: 9870,
  hdfs: 8020,
  dataNode: { transfer: 22_001, http: 22_002, ipc: 22_003 },
  elasticsearch: 9200,
  elasticsearchTransport: 23_001,
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
const stateFolder = '/state';

describe('the settings of the servers', () => {
  it('make three brokers one quorum that keeps its own topics on all of them', () => {
    const settings = brokerSettings({ ports, stateFolder }, 1, '/state/kafka-2');
    expect(settings).toMatchObject({
      'node.id': 2,
      'controller.quorum.voters': '1@127.0.0.1:21001,2@127.0.0.1:21002,3@127.0.0.1:21003',
      listeners: 'PLAINTEXT://127.0.0.1:9093,CONTROLLER://127.0.0.1:21002',
      'offsets.topic.replication.factor': 3,
      'default.replication.factor': 2,
    });
  });

  it('put each broker on the address of its host, and let what is given win', () => {
    const brokerHosts = [1, 2, 3].map((n) => ({ namespace: `n${n}`, address: `10.77.0.${n}` }));
    const context = { ports, stateFolder, brokerHosts, brokerSettings: { 'min.insync.replicas': '2' } };
    expect(brokerSettings(context, 1, '/state/kafka-2')).toMatchObject({
      'controller.quorum.voters': '1@10.77.0.1:21001,2@10.77.0.2:21002,3@10.77.0.3:21003',
      listeners: 'PLAINTEXT://10.77.0.2:9093,CONTROLLER://10.77.0.2:21002',
      'advertised.listeners': 'PLAINTEXT://10.77.0.2:9093',
      'min.insync.replicas': '2',
    });
  });

  it('ask a single broker for no second replica', () => {
    const single = { ...ports, kafka: [9092], kafkaControllers: [21_001] };
    expect(brokerSettings({ ports: single, stateFolder }, 0, '/state/kafka-1')).toMatchObject({
      'offsets.topic.replication.factor': 1,
      'default.replication.factor': 1,
      'transaction.state.log.min.isr': 1,
    });
  });

  it('let nobody without a login through the secure listener', () => {
    const settings = brokerSettings(
      { ports: { ...ports, kafkaSecure: [24_001] }, stateFolder },
      0,
      '/state/logs',
    );
    expect(settings).toMatchObject({
      listeners: 'PLAINTEXT://127.0.0.1:9092,SECURE://127.0.0.1:24001,CONTROLLER://127.0.0.1:21001',
      'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:SASL_SSL',
      'sasl.enabled.mechanisms': 'SCRAM-SHA-512',
    });
  });

  it('listen on loopback only', () => {
    const context = { ports, stateFolder };
    const texts = [
      propertiesText(brokerSettings(context, 0, '/state/kafka-1')),
      hadoopText(hdfsSettings(context)),
      yamlText(nodeSettings(context, '/state/elasticsearch')),
    ].join('\n');
    expect(texts).not.toMatch(/0\.0\.0\.0|localhost|\[::\]/);
    for (const port of [9092, 9870, 8020, 22_001, 22_002, 22_003])
      expect(texts).toContain(`127.0.0.1:${port}`);
    expect(texts).toContain('network.host: "127.0.0.1"');
  });

  it('are written so that no value breaks its file', () => {
    expect(hadoopText({ name: 'a<b & c>d' })).toContain('<value>a&lt;b &amp; c&gt;d</value>');
    expect(yamlText({ pattern: '+*-*,-*', path: '/a: b' })).toBe('pattern: "+*-*,-*"\npath: "/a: b"\n');
  });
});
