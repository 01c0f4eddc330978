import { APP_NAMES, type AppName, portVariable } from '@pipeline/event-schema';
import { StackError } from '../stack-error.ts';
import { type PublicPorts } from './stack-ports.ts';

/** A port that the stack wants, who listens on it and which variable moves it. */
export interface PortClaim {
  readonly owner: string;
  readonly variable: string;
  readonly port: number;
}

/** The fixed ports of a stack; what is free anyway (0) is left out. */
export function portClaims(
  ports: PublicPorts,
  brokerCount: number,
  apps: readonly AppName[] = APP_NAMES,
): PortClaim[] {
  const kafka = Array.from({ length: ports.kafka === 0 ? 0 : brokerCount }, (_, index) => ({
    owner: brokerCount === 1 ? 'Kafka' : `Kafka broker ${index + 1}`,
    variable: 'KAFKA_PORT',
    port: ports.kafka + index,
  }));
  return [
    ...kafka,
    { owner: 'WebHDFS', variable: 'WEBHDFS_PORT', port: ports.webHdfs },
    { owner: 'HDFS', variable: 'HDFS_PORT', port: ports.hdfs },
    { owner: 'Elasticsearch', variable: 'ELASTICSEARCH_PORT', port: ports.elasticsearch },
    ...(apps.includes('device-gateway')
      ? [{ owner: 'MQTT of device-gateway', variable: 'MQTT_PORT', port: ports.mqtt }]
      : []),
    ...apps.map((app) => ({ owner: app, variable: portVariable(app), port: ports.apps[app] })),
  ].filter(({ port }) => port !== 0);
}

/**
 * Checks all claims before anything starts.
 * @throws StackError `port-in-use` with one sentence per port that is taken or wanted twice.
 */
export async function checkPorts(
  claims: readonly PortClaim[],
  isFree: (port: number) => Promise<boolean>,
): Promise<void> {
  const sentences: string[] = [];
  const owners = new Map<number, PortClaim>();
  for (const claim of claims) {
    const rival = owners.get(claim.port);
    if (rival !== undefined) sentences.push(wantedTwice(claim, rival));
    else if (!(await isFree(claim.port))) sentences.push(inUse(claim));
    owners.set(claim.port, claim);
  }
  if (sentences.length > 0) throw new StackError('port-in-use', sentences.join('\n'));
}

function inUse({ owner, variable, port }: PortClaim): string {
  return `Port ${port}, which ${owner} needs, is in use: stop the program that holds it, or set ${variable} to another port.`;
}

function wantedTwice({ owner, variable, port }: PortClaim, rival: PortClaim): string {
  return `Port ${port} is wanted by ${rival.owner} and by ${owner}: set ${rival.variable} or ${variable} to another port.`;
}
