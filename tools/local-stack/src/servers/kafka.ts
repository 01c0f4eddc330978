import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type PartDefinition } from '../stack/part-definition.ts';
import { brokerAddress, onHost } from './broker-host.ts';
import { log4j2Text, propertiesText } from './config-text.ts';
import { makeCertificate, secureListener, scramUser } from './kafka-security.ts';
import {
  JavaLaunch,
  QUICK_COMPILER,
  runJava,
  type ServerContext,
  SERVER_START_MS,
  SERVER_STOP_MS,
} from './server-context.ts';

const HEAP_MB = 384;
// It warns that the metadata log of a fresh broker is empty.
const QUIET = ['org.apache.kafka.controller.QuorumController'];

/** What the brokers of a stack have in common; made by the first one that asks. */
interface SharedFiles {
  readonly clusterId: () => Promise<string>;
  readonly certificate: () => Promise<void>;
}

/** The brokers, each of them also a controller; together one quorum. */
export function kafkaBrokers(context: ServerContext): PartDefinition[] {
  const shared = {
    clusterId: onceOnly(() => clusterIdIn(context.stateFolder)),
    certificate: onceOnly(() => makeCertificate(context)),
  };
  return context.ports.kafka.map((_, index) => kafkaBroker(context, index, shared));
}

function kafkaBroker(
  context: ServerContext,
  index: number,
  { clusterId, certificate }: SharedFiles,
): PartDefinition {
  const folder = join(context.stateFolder, `kafka-${index + 1}`);
  const properties = join(folder, 'server.properties');
  const logging = join(folder, 'log4j2.properties');
  const options = [`-Dlog4j2.configurationFile=${logging}`, '-Dlog4j2.disable.jmx=true'];
  const program = { server: 'kafka', name: 'kafka', heapMb: HEAP_MB, options } as const;
  const launch = new JavaLaunch(context.runtime, {
    ...program,
    options: [...options, ...(context.isShortLived === true ? [QUICK_COMPILER] : [])],
    mainClass: 'kafka.Kafka',
    args: [properties],
  });
  return {
    name: context.ports.kafka.length === 1 ? 'kafka' : `kafka-${index + 1}`,
    startTimeoutMs: SERVER_START_MS,
    stopGraceMs: SERVER_STOP_MS,
    async prepare() {
      await mkdir(folder, { recursive: true });
      const settings = brokerSettings(context, index, join(folder, 'logs'));
      await writeFile(properties, propertiesText(settings));
      await writeFile(logging, log4j2Text({ quiet: QUIET }));
      if (context.ports.kafkaSecure.length > 0) await certificate();
      if (existsSync(join(folder, 'logs', 'meta.properties'))) return;
      // One word: an id may begin with a dash, which as a word of its own would be an option.
      const args = ['format', `--cluster-id=${await clusterId()}`, '-c', properties, '--ignore-formatted'];
      if (context.ports.kafkaSecure.length > 0) args.push('--add-scram', scramUser());
      await runJava(context, {
        ...program,
        options: [...options, QUICK_COMPILER],
        mainClass: 'kafka.tools.StorageTool',
        args,
      });
    },
    launch: async () => onHost(context.brokerHosts?.[index], await launch.next()),
    // The last thing it says of a start, after its cluster has let it in.
    isReady: (sawLine) => sawLine('Kafka Server started'),
    onStopped: () => launch.keepArchive(),
  };
}

type SettingsContext = Pick<ServerContext, 'ports' | 'stateFolder' | 'brokerHosts' | 'brokerSettings'>;

/** `server.properties` of one broker. Everything listens on loopback, or on the broker's own host. */
export function brokerSettings(
  { ports, stateFolder, brokerHosts, brokerSettings: given = {} }: SettingsContext,
  index: number,
  logFolder: string,
) {
  const brokers = ports.kafka.length;
  const voters = ports.kafkaControllers.map(
    (port, each) => `${each + 1}@${brokerAddress(brokerHosts, each)}:${port}`,
  );
  const secure = secureListener({ ports, stateFolder }, index);
  const host = brokerAddress(brokerHosts, index);
  const addresses = [`PLAINTEXT://${host}:${ports.kafka[index]}`, ...secure.addresses];
  return {
    'process.roles': 'broker,controller',
    'node.id': index + 1,
    'controller.quorum.voters': voters.join(','),
    'controller.listener.names': 'CONTROLLER',
    listeners: [...addresses, `CONTROLLER://${host}:${ports.kafkaControllers[index]}`].join(','),
    'advertised.listeners': addresses.join(','),
    'listener.security.protocol.map': [
      'PLAINTEXT:PLAINTEXT',
      'CONTROLLER:PLAINTEXT',
      ...secure.protocols,
    ].join(','),
    ...secure.settings,
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': logFolder,
    'auto.create.topics.enable': false,
    'default.replication.factor': Math.min(2, brokers),
    'offsets.topic.replication.factor': brokers,
    'offsets.topic.num.partitions': 5,
    'transaction.state.log.replication.factor': brokers,
    'transaction.state.log.min.isr': Math.min(2, brokers),
    'transaction.state.log.num.partitions': 5,
    'share.coordinator.state.topic.replication.factor': brokers,
    'share.coordinator.state.topic.min.isr': Math.min(2, brokers),
    // Consumers of a local stack shall not wait for companions.
    'group.initial.rebalance.delay.ms': 0,
    'log.segment.bytes': 128 * 1_024 * 1_024,
    'log.cleaner.dedupe.buffer.size': 16 * 1_024 * 1_024,
    ...given,
  };
}

/** One id for all brokers, made once per state folder: 16 random bytes, base64url. */
async function clusterIdIn(stateFolder: string): Promise<string> {
  const file = join(stateFolder, 'kafka-cluster-id');
  if (!existsSync(file)) await writeFile(file, randomBytes(16).toString('base64url'));
  return readFile(file, 'utf8');
}

function onceOnly<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
