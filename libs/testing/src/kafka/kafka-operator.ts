import { randomUUID } from 'node:crypto';
import {
  type Admin,
  type ConnectionPool,
  createCluster,
  createKafka,
  type KafkaConnection,
  kafkajs,
  OffsetReader,
} from '@pipeline/kafka-driver';
import { type Logger } from '@pipeline/observability';
import { setProducerQuota, setScramPassword } from './client-limits.ts';

/** How far a consumer group is in one partition. */
export interface GroupPosition {
  readonly partition: number;
  /** Absent where the group has no commit. */
  readonly committedOffset: bigint | undefined;
  readonly startOffset: bigint;
  readonly endOffset: bigint;
}

/** What a principal may do with something of Kafka. */
export interface Permission {
  readonly kind: 'topic' | 'group';
  readonly name: string;
  readonly operation: 'read' | 'write';
}

const PATIENCE = {
  requestTimeoutMs: 5_000,
  connectionTimeoutMs: 1_000,
  retries: 3,
  maxRetryTimeMs: 1_000,
};

export interface TimedRecord {
  readonly key: string;
  readonly value: string;
  readonly timestampMs: number;
}

/**
 * What an operator does to topics and consumer groups by hand, good or bad, for fault drills and specs. One connection
 * for all calls; an error of the broker rejects.
 */
export class KafkaOperator {
  private readonly kafka: ReturnType<typeof createKafka>;
  private readonly offsets: OffsetReader;
  private readonly admin: Admin;
  private connected: Promise<void> | undefined;

  constructor(
    private readonly connection: KafkaConnection,
    private readonly logger: Logger,
  ) {
    this.kafka = createKafka(connection, logger, PATIENCE);
    this.admin = this.kafka.admin();
    this.offsets = new OffsetReader(connection, logger);
  }

  /** Of all partitions of the topic, in order. */
  async positions(group: string, topic: string): Promise<GroupPosition[]> {
    const { committed, extents } = await this.offsets.read({ topic, groups: [group], others: [] });
    const committedOf = committed.get(group);
    return (extents.get(topic) ?? []).map((extent) => ({
      ...extent,
      committedOffset: committedOf?.get(extent.partition),
    }));
  }

  /** Names of all topics. */
  async topics(): Promise<string[]> {
    await this.connect();
    return this.admin.listTopics();
  }

  /** Topics that do not exist are left out. Their groups' commits go with them. */
  async deleteTopics(names: readonly string[]): Promise<void> {
    await this.connect();
    const existing = new Set(await this.admin.listTopics());
    const topics = names.filter((name) => existing.has(name));
    if (topics.length > 0) await this.admin.deleteTopics({ topics });
  }

  /** Forbids a principal an operation on a topic or group; `permit` takes that back. */
  async deny(principal: string, { operation, ...resource }: Permission): Promise<void> {
    await this.connect();
    const { ALLOW, DENY } = kafkajs.AclPermissionTypes;
    const { ALL, READ, WRITE } = kafkajs.AclOperationTypes;
    // With its first ACL a resource is closed to everybody else: so the rest is allowed.
    const acl = aclOf(principal, resource);
    await this.admin.createAcls({
      acl: [
        { ...acl, operation: operation === 'read' ? READ : WRITE, permissionType: DENY },
        { ...acl, operation: ALL, permissionType: ALLOW },
      ],
    });
  }

  /** Removes what was denied to a principal on a topic or group. */
  async permit(principal: string, resource: Omit<Permission, 'operation'>): Promise<void> {
    await this.connect();
    const any = { operation: kafkajs.AclOperationTypes.ANY, permissionType: kafkajs.AclPermissionTypes.ANY };
    await this.admin.deleteAcls({ filters: [{ ...aclOf(principal, resource), ...any }] });
  }

  /** Bounds what producers with a client id may send, in bytes a second; undefined: no bound. */
  limitProducers(clientId: string, bytesPerSecond: number | undefined): Promise<void> {
    return this.ask((broker) => setProducerQuota(broker, clientId, bytesPerSecond));
  }

  /** Gives a user of SCRAM-SHA-512 a password; undefined: none, so that it cannot log in. */
  setPassword(user: string, password: string | undefined): Promise<void> {
    return this.ask((broker) => setScramPassword(broker, user, password));
  }

  private async ask<T>(question: (broker: ConnectionPool) => Promise<T>): Promise<T> {
    const cluster = createCluster(this.connection, this.logger, PATIENCE);
    await cluster.connect();
    try {
      await cluster.refreshMetadata();
      const { connectionPool } = await cluster.findControllerBroker();
      return await question(connectionPool);
    } finally {
      await cluster.disconnect();
    }
  }

  async addPartitions(topic: string, count: number): Promise<void> {
    await this.connect();
    await this.admin.createPartitions({ topicPartitions: [{ topic, count }] });
  }

  /** Names of all consumer groups that the broker knows. */
  async groups(): Promise<string[]> {
    await this.connect();
    return (await this.admin.listGroups()).groups.map(({ groupId }) => groupId);
  }

  /** The group must have no members; one that does not exist is no error. */
  async deleteGroup(group: string): Promise<void> {
    if ((await this.groups()).includes(group)) await this.admin.deleteGroups([group]);
  }

  /** Commits other offsets for a group without members, as Kafka's own tool does: without our commit metadata. */
  async moveGroup(group: string, topic: string, offsets: ReadonlyMap<number, bigint>): Promise<void> {
    await this.connect();
    const partitions = [...offsets].map(([partition, offset]) => ({ partition, offset: offset.toString() }));
    await this.admin.setOffsets({ groupId: group, topic, partitions });
  }

  /** Produces with append times of the caller's, for a topic whose time is the producer's. Resolves when acknowledged. */
  async produceAt(topic: string, records: readonly TimedRecord[]): Promise<void> {
    const producer = this.kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    await producer.connect();
    try {
      const messages = records.map(({ timestampMs, ...record }) => ({
        ...record,
        timestamp: String(timestampMs),
      }));
      await producer.send({ topic, acks: -1, messages });
    } finally {
      await producer.disconnect();
    }
  }

  /** Leaves records of a transaction that was aborted, as a producer does that was killed. One transaction of each record. */
  async produceAborted(topic: string, records: readonly Pick<TimedRecord, 'key' | 'value'>[]): Promise<void> {
    const producer = this.kafka.producer({
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      transactionalId: randomUUID(),
      idempotent: true,
      maxInFlightRequests: 1,
    });
    await producer.connect();
    try {
      for (const record of records) {
        const transaction = await producer.transaction();
        await transaction.send({ topic, acks: -1, messages: [record] });
        await transaction.abort();
      }
    } finally {
      await producer.disconnect();
    }
  }

  /** Gives a topic these settings; all others of its own are removed. */
  async setTopicConfig(topic: string, config: Readonly<Record<string, string>>): Promise<void> {
    await this.connect();
    const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
    const resources = [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configEntries }];
    await this.admin.alterConfigs({ validateOnly: false, resources });
  }

  /** Moves all partitions of a topic to these brokers; `replicas` tells when they are there. */
  async moveReplicas(topic: string, brokers: readonly number[]): Promise<void> {
    await this.connect();
    const { topics } = await this.admin.fetchTopicMetadata({ topics: [topic] });
    const partitions = (topics[0]?.partitions ?? []).map(({ partitionId }) => partitionId);
    const partitionAssignment = partitions.map((partition) => ({ partition, replicas: [...brokers] }));
    await this.admin.alterPartitionReassignments({ topics: [{ topic, partitionAssignment }] });
  }

  /** The brokers that have a partition of the topic and are in sync, or are to have one. */
  async replicas(topic: string): Promise<number[]> {
    await this.connect();
    const { topics } = await this.admin.fetchTopicMetadata({ topics: [topic] });
    const brokers = (topics[0]?.partitions ?? []).flatMap(({ replicas, isr }) => [...replicas, ...isr]);
    return [...new Set(brokers)].sort((a, b) => a - b);
  }

  /** The number of in-sync replicas of the partition that has the fewest. */
  async inSyncReplicas(topic: string): Promise<number> {
    await this.connect();
    const { topics } = await this.admin.fetchTopicMetadata({ topics: [topic] });
    return Math.min(...(topics[0]?.partitions ?? []).map(({ isr }) => isr.length));
  }

  async close(): Promise<void> {
    await Promise.all([this.admin.disconnect(), this.offsets.close()]);
  }

  private connect(): Promise<void> {
    this.connected ??= this.admin.connect().catch((error: unknown) => {
      this.connected = undefined;
      throw error;
    });
    return this.connected;
  }
}

function aclOf(principal: string, { kind, name }: Omit<Permission, 'operation'>) {
  const { AclResourceTypes, ResourcePatternTypes } = kafkajs;
  return {
    resourceType: kind === 'topic' ? AclResourceTypes.TOPIC : AclResourceTypes.GROUP,
    resourcePatternType: ResourcePatternTypes.LITERAL,
    resourceName: name,
    principal,
    host: '*',
  };
}
