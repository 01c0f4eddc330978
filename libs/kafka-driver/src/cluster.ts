import { createRequire } from 'node:module';
import { type KafkaConfig } from 'kafkajs';
import { type ConnectionPool } from './send-parts.ts';

/** The parts of kafkajs's broker connections that its public clients do not offer. */
export interface ClusterBroker {
  readonly connectionPool: ConnectionPool;
  disconnect(): Promise<void>;
  leaveGroup(member: { groupId: string; memberId: string }): Promise<unknown>;
  initProducerId(request: {
    transactionalId: null;
    transactionTimeout: number;
  }): Promise<{ producerId: string; producerEpoch: number }>;
}

/** kafkajs's view of a cluster: connections, metadata, leaders. Its public producer hides all of it. */
export interface KafkajsCluster {
  readonly brokerPool: {
    readonly seedBroker?: ClusterBroker;
    readonly brokers: Readonly<Record<string, ClusterBroker>>;
    /** One to which a connection is open, where there is any. */
    findConnectedBroker(): Promise<ClusterBroker>;
  };
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  refreshMetadata(): Promise<void>;
  refreshMetadataIfNecessary(): Promise<void>;
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
  findTopicPartitionMetadata(topic: string): readonly { partitionId: number; leader: number }[];
  findBroker(options: { nodeId: number }): Promise<ClusterBroker>;
  findControllerBroker(): Promise<ClusterBroker>;
  findGroupCoordinator(options: { groupId: string }): Promise<ClusterBroker>;
}

const require = createRequire(import.meta.url);
const Cluster = require('kafkajs/src/cluster') as new (options: object) => KafkajsCluster;
const { createLogger, LEVELS } = require('kafkajs/src/loggers') as {
  createLogger: (options: { level: number; logCreator: KafkaConfig['logCreator'] }) => unknown;
  LEVELS: { INFO: number };
};

const METADATA_MAX_AGE_MS = 30_000;

/** A cluster as kafkajs makes one for a producer of its own. The configuration has to say how sockets are made. */
export function createKafkajsCluster({ logCreator, ...config }: KafkaConfig): KafkajsCluster {
  return new Cluster({
    ...config,
    logger: createLogger({ level: LEVELS.INFO, logCreator }),
    metadataMaxAge: METADATA_MAX_AGE_MS,
    allowAutoTopicCreation: false,
    maxInFlightRequests: null,
  });
}

/**
 * Gives up the connections of a cluster and whatever waits on them. To disconnect, kafkajs waits for all of that, and a
 * connection that the brokers throttle would stay for as long as they have asked for: minutes, or hours.
 */
export function abandon(cluster: KafkajsCluster): void {
  const { seedBroker, brokers } = cluster.brokerPool;
  const error = new Error('The connection was given up');
  for (const broker of new Set([seedBroker, ...Object.values(brokers)])) {
    broker?.connectionPool.map((connection) => {
      connection.rejectRequests(error);
      connection.socket?.destroy();
    });
  }
  void cluster.disconnect().catch(() => undefined);
}
