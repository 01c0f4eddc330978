import { JAR_ROOTS, type JarSet, SERVERS, type ServerName } from './server-jars.ts';

const TITLES: Readonly<Record<ServerName, string>> = {
  kafka: 'Kafka',
  hdfs: 'HDFS',
  elasticsearch: 'Elasticsearch',
};

/** Hive's set begins with a Hadoop of its own. */
const GROUPS: Readonly<Record<JarSet, string>> = {
  kafka: 'org.apache.kafka',
  hdfs: 'org.apache.hadoop',
  elasticsearch: 'org.elasticsearch',
  'kafka-tools': 'org.apache.kafka',
  mirror: 'org.apache.kafka',
  hive: 'org.apache.hive',
  flume: 'org.apache.flume',
};

/** The version of what a set of jars is named after, such as `4.4.0`. */
export function jarSetVersion(set: JarSet): string {
  const root = JAR_ROOTS[set].find((artifact) => artifact.startsWith(`${GROUPS[set]}:`));
  return root?.split(':')[2] ?? '';
}

/** What a stack runs, for reports: `Kafka 4.4.0, HDFS 3.5.0, …`. */
export function serverVersions(): string {
  return SERVERS.map((name) => `${TITLES[name]} ${jarSetVersion(name)}`).join(', ');
}
