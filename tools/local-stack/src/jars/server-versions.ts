import { JAR_ROOTS, SERVERS, type ServerName } from './server-jars.ts';

const TITLES: Readonly<Record<ServerName, string>> = {
  kafka: 'Kafka',
  hdfs: 'HDFS',
  elasticsearch: 'Elasticsearch',
};

/** What a stack runs, for reports: `Kafka 4.4.0, HDFS 3.5.0, …`. */
export function serverVersions(): string {
  return SERVERS.map((name) => `${TITLES[name]} ${JAR_ROOTS[name][0]?.split(':')[2] ?? ''}`).join(', ');
}
