import { createRequire } from 'node:module';
import { type Kafka } from 'kafkajs';

interface TopicMetadata {
  readonly topicErrorCode: number;
  readonly topic: string;
  readonly partitionMetadata: readonly { readonly partitionErrorCode: number }[];
}

interface Metadata {
  readonly topicMetadata: readonly TopicMetadata[];
}

type Parse = (answer: Metadata) => Promise<Metadata>;

interface MetadataDefinition {
  protocol: (choice: {
    readonly version: number;
  }) => (fields: object) => { readonly response: { readonly parse: Parse } };
}

interface Broker {
  metadata: (this: Broker, topics: readonly string[]) => Promise<Metadata>;
}

interface BrokerPool {
  metadataExpireAt: number | null;
  createBroker: (this: void, options: object) => Broker;
  refreshMetadata(topics: readonly string[]): Promise<void>;
}

interface Cluster {
  readonly brokerPool: BrokerPool;
}

/** Called for each topic of every answer: why it cannot be read, or only in part; `undefined` when it can. */
export type OnTopic = (topic: string, reason: string | undefined) => void;

const require = createRequire(import.meta.url);
const { parse } = require('kafkajs/src/protocol/requests/metadata/v0/response') as { parse: Parse };
const { createErrorFromCode } = require('kafkajs/src/protocol/error') as {
  createErrorFromCode: (code: number) => Error;
};

/** kafkajs's name for the private method with which a client makes a cluster for each consumer, producer or admin. */
const CREATE_CLUSTER = 'private:Kafka:createCluster';
const LEADER_NOT_AVAILABLE = 5;
/** An election is waited for with all topics; without, its partitions would be taken out of the group and put back. */
const ELECTION_MS = 3_000;
/** How soon a topic in trouble is looked at again. */
const LOOK_AGAIN_MS = 1_000;

const tolerant = new WeakMap<Broker, TopicJudge>();
let patched = false;

/**
 * kafkajs 2.2.4 throws the whole answer about a cluster away when a single topic in it is missing, not authorised or
 * without leader, so that a consumer of several topics reads none of them. From now on the answer is judged by who
 * asked: as before, except by clients of {@link tolerateTopics}.
 */
export function keepMetadataOfOtherTopics(): void {
  if (patched) return;
  patched = true;
  const definition = require('kafkajs/src/protocol/requests/metadata') as MetadataDefinition;
  const { protocol } = definition;
  definition.protocol = (choice) => (fields) => {
    const request = protocol(choice)(fields);
    return { ...request, response: { ...request.response, parse: (answer) => Promise.resolve(answer) } };
  };
  const { prototype } = require('kafkajs/src/broker') as { prototype: Broker };
  const { metadata } = prototype;
  prototype.metadata = async function (topics) {
    const answer = await metadata.call(this, topics);
    return tolerant.get(this)?.readable(answer) ?? parse(answer);
  };
}

/**
 * Consumers and admins of this client go on with the other topics when some cannot be read: those have no partitions
 * meanwhile, are asked for again every second, and are assigned when they are back. Its producers are as before.
 */
export function tolerateTopics(kafka: Kafka, onTopic: OnTopic): Kafka {
  const key = Object.getOwnPropertySymbols(kafka).find(({ description }) => description === CREATE_CLUSTER);
  if (key === undefined)
    throw new Error('kafkajs makes its clusters in another way: this is not version 2.2.4');
  const client = kafka as unknown as Record<symbol, (options: object) => Cluster>;
  const create = client[key]!;
  const consumer = kafka.consumer.bind(kafka);
  const admin = kafka.admin.bind(kafka);
  const reading = <T>(make: () => T): T => {
    client[key] = (options) => tolerating(create(options), new TopicJudge(onTopic));
    try {
      return make();
    } finally {
      client[key] = create;
    }
  };
  kafka.consumer = (config) => reading(() => consumer(config));
  kafka.admin = (config) => reading(() => admin(config));
  return kafka;
}

function tolerating(cluster: Cluster, judge: TopicJudge): Cluster {
  const { brokerPool } = cluster;
  const { createBroker } = brokerPool;
  const refresh = brokerPool.refreshMetadata.bind(brokerPool);
  brokerPool.createBroker = (options) => {
    const broker = createBroker(options);
    tolerant.set(broker, judge);
    return broker;
  };
  brokerPool.refreshMetadata = async (topics) => {
    await refresh(topics);
    if (judge.hasTrouble) brokerPool.metadataExpireAt = Date.now() + LOOK_AGAIN_MS;
  };
  return cluster;
}

/** Takes out of an answer what cannot be read. */
class TopicJudge {
  hasTrouble = false;
  private readonly leaderlessSinceMs = new Map<string, number>();

  constructor(private readonly onTopic: OnTopic) {}

  /** @throws as kafkajs does, which asks again soon, while a leader may just be elected. */
  readable(answer: Metadata): Metadata {
    this.hasTrouble = false;
    return { ...answer, topicMetadata: answer.topicMetadata.map((topic) => this.readableTopic(topic)) };
  }

  private readableTopic(topic: TopicMetadata): TopicMetadata {
    const { partitionMetadata: partitions } = topic;
    const codes = [topic.topicErrorCode, ...partitions.map((each) => each.partitionErrorCode)];
    this.awaitElection(topic.topic, codes);
    const code = codes.find((each) => each !== 0);
    this.onTopic(topic.topic, code === undefined ? undefined : createErrorFromCode(code).message);
    if (code === undefined) return topic;
    this.hasTrouble = true;
    const isThere = topic.topicErrorCode === 0;
    return {
      ...topic,
      partitionMetadata: isThere ? partitions.filter((each) => each.partitionErrorCode === 0) : [],
    };
  }

  private awaitElection(topic: string, codes: readonly number[]): void {
    if (!codes.includes(LEADER_NOT_AVAILABLE)) {
      this.leaderlessSinceMs.delete(topic);
      return;
    }
    const sinceMs = this.leaderlessSinceMs.get(topic) ?? performance.now();
    this.leaderlessSinceMs.set(topic, sinceMs);
    if (performance.now() - sinceMs < ELECTION_MS) throw createErrorFromCode(LEADER_NOT_AVAILABLE);
  }
}
