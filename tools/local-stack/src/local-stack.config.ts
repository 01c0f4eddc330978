import { integer, port, text, type Values } from '@pipeline/config';
import { type PublicPorts } from './ports/stack-ports.ts';

/** Settings of the local stack: where each part listens, and how many brokers there are. */
export const localStackSettings = {
  webUiPort: port('WEB_UI_PORT', 'HTTP port of web-ui', 3000),
  collectorApiPort: port('COLLECTOR_API_PORT', 'HTTP port of collector-api', 3001),
  hdfsSinkPort: port('HDFS_SINK_PORT', 'HTTP port of hdfs-sink', 3002),
  esSinkPort: port('ES_SINK_PORT', 'HTTP port of es-sink', 3003),
  auditPort: port('AUDIT_PORT', 'HTTP port of the continuous audit', 3005),
  kafkaPort: port('KAFKA_PORT', 'Port of the first Kafka broker; the others follow one by one', 9092),
  webHdfsPort: port('WEBHDFS_PORT', 'Port of WebHDFS', 9870),
  hdfsPort: port('HDFS_PORT', 'Port of the NameNode for Hadoop clients', 8020),
  elasticsearchPort: port('ELASTICSEARCH_PORT', 'HTTP port of Elasticsearch', 9200),
  kafkaBrokerCount: integer('KAFKA_BROKER_COUNT', 'Kafka brokers', { min: 1, max: 5, fallback: '1' }),
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
    apps: {
      'collector-api': settings.collectorApiPort,
      'hdfs-sink': settings.hdfsSinkPort,
      'es-sink': settings.esSinkPort,
      'web-ui': settings.webUiPort,
      audit: settings.auditPort,
    },
  };
}
