/** What every stack runs. */
export const SERVERS = ['kafka', 'hdfs', 'elasticsearch'] as const;
export type ServerName = (typeof SERVERS)[number];

/** Sets of jars that are resolved, locked and cached together; those beside the servers are fetched when something first asks for them. */
export const JAR_SETS = [...SERVERS, 'kafka-tools', 'mirror', 'hive', 'flume'] as const;
export type JarSet = (typeof JAR_SETS)[number];

/** What each set is made of, as `group:artifact:version`; `npm run lock` of this project resolves the rest. */
export const JAR_ROOTS: Readonly<Record<JarSet, readonly string[]>> = {
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
  // The command-line tools; kafka_2.13 brings the interface of their plugins only.
  'kafka-tools': [
    'org.apache.kafka:kafka-tools:4.4.0',
    'org.apache.logging.log4j:log4j-core:2.25.2',
    'org.apache.logging.log4j:log4j-slf4j-impl:2.25.2',
  ],
  // MirrorMaker 2 and the Connect workers that it runs in. Maven Central has no connect-mirror 4.4.0.
  mirror: [
    'org.apache.kafka:connect-mirror:4.3.1',
    'org.apache.kafka:connect-runtime:4.3.1',
    'org.apache.logging.log4j:log4j-core:2.25.2',
    'org.apache.logging.log4j:log4j-slf4j-impl:2.25.2',
  ],
  // Hadoop first: Hive asks for 3.3.6, which does not run on JDK 24 and later.
  hive: [
    'org.apache.hadoop:hadoop-common:3.5.0',
    'org.apache.hadoop:hadoop-hdfs:3.5.0',
    'org.apache.hadoop:hadoop-mapreduce-client-jobclient:3.5.0',
    'org.apache.hive:hive-exec:4.0.1',
    'org.apache.hive:hive-standalone-metastore-server:4.0.1',
    'org.apache.hive:hive-jdbc:4.0.1',
    'org.apache.hive:hive-service:4.0.1',
  ],
  // Nothing of the stack: the bench measures it beside the product.
  flume: [
    'org.apache.flume:flume-ng-node:1.11.0',
    'org.apache.flume.flume-ng-sinks:flume-hdfs-sink:1.11.0',
    'org.apache.flume.flume-ng-channels:flume-kafka-channel:1.11.0',
    'org.apache.hadoop:hadoop-common:3.5.0',
    'org.apache.hadoop:hadoop-hdfs-client:3.5.0',
  ],
};

/**
 * Left out of a set, as `group:artifact` with `*`. Of Hive: what is not on Maven Central (SAML), second copies of Hadoop
 * and of log4j that break it, and large parts that an embedded session never loads.
 */
export const LEFT_OUT: Readonly<Partial<Record<JarSet, readonly string[]>>> = {
  hive: [
    'org.pac4j:*',
    'org.apache.hadoop:hadoop-client-api',
    'org.eclipse.jetty:jetty-runner',
    'ch.qos.reload4j:*',
    'log4j:log4j',
    'org.slf4j:slf4j-reload4j',
    'org.slf4j:slf4j-log4j12',
    'io.grpc:*',
    'org.bouncycastle:*',
    'org.codehaus.groovy:*',
    'org.springframework:*',
    'org.apache.arrow:*',
    'org.apache.ivy:*',
    'org.apache.ant:*',
    'org.ehcache:*',
  ],
};
