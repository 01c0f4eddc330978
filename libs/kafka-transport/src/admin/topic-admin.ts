import { type Logger } from '@pipeline/observability';
import { type TopicDefinition } from '@pipeline/event-schema';
import { type Admin, createKafka, type KafkaConnection, pause } from '@pipeline/kafka-driver';

/** One way in which a cluster differs from the definitions. */
export interface TopicDifference {
  readonly topic: string;
  readonly aspect: 'missing' | 'partitions' | 'replication factor' | `config ${string}`;
  readonly wanted: string;
  readonly actual: string;
}

/** Kafka's number of a topic among what can be configured. Source: `ConfigResource.Type`. */
const TOPIC_RESOURCE = 2;
const LEADER_TIMEOUT_MS = 60_000;
const LEADER_POLL_MS = 100;

/** Creates and compares topics. Nothing is ever deleted or reduced. */
export class TopicAdmin {
  private readonly admin: Admin;

  constructor(connection: KafkaConnection, logger: Logger) {
    this.admin = createKafka(connection, logger).admin();
  }

  /**
   * Creates the topics that are missing, with at most one replica per broker. Safe to run at any time and from several
   * places at once.
   * @returns the names of the topics that this call created.
   */
  async createMissing(definitions: readonly TopicDefinition[]): Promise<string[]> {
    await this.admin.connect();
    const existing = new Set(await this.admin.listTopics());
    const missing = definitions.filter(({ name }) => !existing.has(name));
    const brokers = await this.brokerCount();
    const created: string[] = [];
    for (const { name, partitions, replicationFactor, config } of missing) {
      const isNew = await this.admin.createTopics({
        waitForLeaders: false,
        topics: [
          {
            topic: name,
            numPartitions: partitions,
            replicationFactor: Math.min(replicationFactor, brokers),
            configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
          },
        ],
      });
      if (isNew) created.push(name);
    }
    await this.waitForLeaders(definitions);
    return created;
  }

  /** Everything in which the cluster differs from the definitions; empty when nothing. */
  async diff(definitions: readonly TopicDefinition[]): Promise<TopicDifference[]> {
    await this.admin.connect();
    const existing = new Set(await this.admin.listTopics());
    const brokers = await this.brokerCount();
    const differences: TopicDifference[] = [];
    for (const definition of definitions) {
      if (existing.has(definition.name)) differences.push(...(await this.diffTopic(definition, brokers)));
      else differences.push({ topic: definition.name, aspect: 'missing', wanted: 'a topic', actual: 'none' });
    }
    return differences;
  }

  async close(): Promise<void> {
    await this.admin.disconnect();
  }

  /** kafkajs's own wait gives up on a broker that has not heard of the new topic yet. */
  private async waitForLeaders(definitions: readonly TopicDefinition[]): Promise<void> {
    const deadline = performance.now() + LEADER_TIMEOUT_MS;
    for (;;) {
      try {
        const { topics } = await this.admin.fetchTopicMetadata({
          topics: definitions.map(({ name }) => name),
        });
        if (topics.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0))) return;
      } catch (error) {
        if (performance.now() > deadline) throw error;
      }
      if (performance.now() > deadline) throw new Error('Topics were created but have no leader');
      await pause(LEADER_POLL_MS);
    }
  }

  private async brokerCount(): Promise<number> {
    return (await this.admin.describeCluster()).brokers.length;
  }

  private async diffTopic(definition: TopicDefinition, brokers: number): Promise<TopicDifference[]> {
    const { name: topic, partitions, replicationFactor, config } = definition;
    const { topics } = await this.admin.fetchTopicMetadata({ topics: [topic] });
    const actual = topics[0]?.partitions ?? [];
    const replicas = Math.min(...actual.map((partition) => partition.replicas.length));
    const pairs: [TopicDifference['aspect'], string, string][] = [
      ['partitions', String(partitions), String(actual.length)],
      ['replication factor', String(Math.min(replicationFactor, brokers)), String(replicas)],
    ];
    const entries = await this.topicConfig(topic, Object.keys(config));
    for (const [key, wanted] of Object.entries(config))
      pairs.push([`config ${key}`, wanted, entries.get(key) ?? 'unset']);
    return pairs
      .filter(([, wanted, found]) => wanted !== found)
      .map(([aspect, wanted, found]) => ({ topic, aspect, wanted, actual: found }));
  }

  private async topicConfig(topic: string, configNames: string[]): Promise<Map<string, string>> {
    const { resources } = await this.admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: TOPIC_RESOURCE, name: topic, configNames }],
    });
    const entries = resources[0]?.configEntries ?? [];
    return new Map(entries.map(({ configName, configValue }) => [configName, configValue]));
  }
}
