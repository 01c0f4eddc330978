import { JAR_ROOTS, type JarSet, SERVERS, type ServerName } from './server-jars.ts';

const TITLES: Readonly<Record<ServerName, string>> = {
  kafka: 'Kafka',
  hdfs: 'HDFS',
  elasticsearch: 'Elasticsearch',
};

/** What a stack runs, for reports: `Kafka 4.4.0, HDFS 3.5.0, …`. */
export function serverVersions(): string {
  return SERVERS.map((name) => `${TITLES[name]} ${jarSetVersion(name)}`).join(', ');
}

/** The version of what a set of jars is named after. */
export function jarSetVersion(set: JarSet): string {
  return JAR_ROOTS[set][0]?.split(':')[2] ?? '';
}
