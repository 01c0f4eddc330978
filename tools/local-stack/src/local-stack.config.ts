import { integer, port, type Setting, text, type Values } from '@pipeline/config';
import { APP_NAMES, APP_PORTS, type AppName, portVariable } from '@pipeline/event-schema';
import { type PublicPorts } from './ports/stack-ports.ts';

/** By the name of the app. */
const APP_PORT_SETTINGS = Object.fromEntries(
  APP_NAMES.map((app) => [app, port(portVariable(app), `HTTP port of ${app}`, APP_PORTS[app])]),
) as Record<AppName, Setting<number>>;

/** Settings of the local stack: where each part listens, and how many brokers there are. */
export const localStackSettings = {
  ...APP_PORT_SETTINGS,
  kafkaPort: port('KAFKA_PORT', 'Port of the first Kafka broker; further brokers use the next ports', 9092),
  webHdfsPort: port('WEBHDFS_PORT', 'Port of WebHDFS', 9870),
  hdfsPort: port('HDFS_PORT', 'Port of the NameNode for Hadoop clients', 8020),
  elasticsearchPort: port('ELASTICSEARCH_PORT', 'HTTP port of Elasticsearch', 9200),
  mqttPort: port('MQTT_PORT', 'MQTT port', 1883),
  kafkaBrokerCount: integer('KAFKA_BROKER_COUNT', 'Number of Kafka brokers', {
    min: 1,
    max: 5,
    fallback: '1',
  }),
};

/** What the stack wants to know of the machine. */
export const machineSettings = {
  cacheHome: text('XDG_CACHE_HOME', 'Folder of caches; empty: ~/.cache', { fallback: '' }),
  javaHome: text('JAVA_HOME', 'A JDK, which is taken when it is new enough', { fallback: '' }),
  path: text('PATH', 'Where programs are', { fallback: '' }),
};

/** The ports of a stack from its settings. */
export function publicPorts(settings: Values<typeof localStackSettings>): PublicPorts {
  return {
    kafka: settings.kafkaPort,
    webHdfs: settings.webHdfsPort,
    hdfs: settings.hdfsPort,
    elasticsearch: settings.elasticsearchPort,
    mqtt: settings.mqttPort,
    apps: Object.fromEntries(APP_NAMES.map((app) => [app, settings[app]])) as Record<AppName, number>,
  };
}
