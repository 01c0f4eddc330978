export const SERVERS = ['kafka', 'hdfs', 'elasticsearch'] as const;

/** A set of jars that is resolved, locked and cached together. */
export type ServerName = (typeof SERVERS)[number];

/** What each server is made of, as `group:artifact:version`; `npm run lock` of this project resolves the rest. */
export const SERVER_ROOTS: Readonly<Record<ServerName, readonly string[]>> = {
  kafka: [
    'org.apache.kafka:kafka_2.13:4.4.0',
    'org.apache.logging.log4j:log4j-core:2.25.2',
    'org.apache.logging.log4j:log4j-slf4j-impl:2.25.2',
  ],
  hdfs: [
    'org.apache.hadoop:hadoop-common:3.5.0',
    'org.apache.hadoop:hadoop-hdfs:3.5.0',
    'org.apache.hadoop:hadoop-hdfs-client:3.5.0',
  ],
  elasticsearch: ['org.elasticsearch:elasticsearch:9.5.3', 'org.elasticsearch.plugin:transport-netty4:9.5.3'],
};
