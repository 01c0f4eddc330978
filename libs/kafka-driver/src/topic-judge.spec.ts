import { createRequire } from 'node:module';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import kafkajs from 'kafkajs';
import { keepMetadataOfOtherTopics, type OnTopic, tolerateTopics } from './metadata-patch.ts';

keepMetadataOfOtherTopics();
const require = createRequire(import.meta.url);
const lookup = (require('kafkajs/src/protocol/requests') as { lookup: (versions: object) => unknown }).lookup;

interface Broker {
  lookupRequest: unknown;
  metadata: (topics: readonly string[]) => Promise<{ topicMetadata: readonly Topic[] }>;
}
interface Pool {
  createBroker: (options: object) => Broker;
}
interface Topic {
  readonly topicErrorCode: number;
  readonly topic: string;
  readonly partitionMetadata: readonly {
    readonly partitionErrorCode: number;
    readonly partitionId: number;
  }[];
}

const CREATE_CLUSTER = 'private:Kafka:createCluster';
const MISSING = 3;
const NO_LEADER = 5;
const FORBIDDEN = 29;

const partitions = (...codes: number[]) =>
  codes.map((partitionErrorCode, partitionId) => ({ partitionErrorCode, partitionId }));
const topicOf = (topic: string, topicErrorCode: number, ...codes: number[]): Topic => ({
  topic,
  topicErrorCode,
  partitionMetadata: partitions(...codes),
});

type Role = (kafka: kafkajs.Kafka) => unknown;
const consumer: Role = (kafka) => kafka.consumer({ groupId: 'spec' });
const producer: Role = (kafka) =>
  kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });

/** The broker that kafkajs makes for a part of a client, on a connection that gives this answer. */
function askBroker(topics: readonly Topic[], onTopic?: OnTopic, role = consumer) {
  const kafka = new kafkajs.Kafka({ brokers: ['memory:1'], logLevel: kafkajs.logLevel.NOTHING });
  const client = kafka as unknown as Record<symbol, (options: object) => { brokerPool: Pool }>;
  const key = Object.getOwnPropertySymbols(kafka).find(({ description }) => description === CREATE_CLUSTER)!;
  const create = client[key]!;
  const pools: Pool[] = [];
  client[key] = (options) => {
    const cluster = create(options);
    pools.push(cluster.brokerPool);
    return cluster;
  };
  if (onTopic) tolerateTopics(kafka, onTopic);
  role(kafka);
  const answer = { brokers: [], topicMetadata: topics };
  const broker = pools[0]!.createBroker({
    connectionPool: {
      send: ({ response }: { response: { parse: (decoded: object) => Promise<object> } }) =>
        response.parse(answer),
    },
    logger: { namespace: () => ({}) },
  });
  broker.lookupRequest = lookup({ 3: { minVersion: 0, maxVersion: 6 } });
  return async () => (await broker.metadata(topics.map(({ topic }) => topic))).topicMetadata;
}

describe('an answer about topics of which some cannot be read', () => {
  const told = new Map<string, string | undefined>();
  const tell: OnTopic = (topic, reason) => void told.set(topic, reason);
  beforeEach(() => told.clear());

  it('is refused as a whole, as kafkajs does it, where nothing else is asked for', async () => {
    const ask = askBroker([topicOf('good', 0, 0, 0), topicOf('gone', MISSING)]);
    await expect(ask()).rejects.toMatchObject({ type: 'UNKNOWN_TOPIC_OR_PARTITION' });
    await expect(askBroker([topicOf('good', 0, 0), topicOf('bad', 0, 0, NO_LEADER)])()).rejects.toMatchObject(
      {
        type: 'LEADER_NOT_AVAILABLE',
      },
    );
  });

  it('is refused as a whole for a producer, whatever its client tolerates for others', async () => {
    const ask = askBroker([topicOf('good', 0, 0), topicOf('gone', MISSING)], tell, producer);
    await expect(ask()).rejects.toMatchObject({ type: 'UNKNOWN_TOPIC_OR_PARTITION' });
    expect(told.size).toBe(0);
  });

  it.each([
    ['is missing', MISSING, /does not host this topic/],
    ['may not be read', FORBIDDEN, /not authorized/i],
  ])('tells of the others when one %s', async (_trouble, code, reason) => {
    const [good, bad] = await askBroker([topicOf('good', 0, 0, 0), topicOf('bad', code)], tell)();
    expect(good!.partitionMetadata).toHaveLength(2);
    expect(bad!.partitionMetadata).toEqual([]);
    expect([...told.keys()]).toEqual(['good', 'bad']);
    expect(told.get('good')).toBeUndefined();
    expect(told.get('bad')).toMatch(reason);
  });

  it('waits for an election, and then tells of the partitions that have a leader', async () => {
    const clock = jest.spyOn(performance, 'now').mockReturnValue(1_000);
    const ask = askBroker([topicOf('good', 0, 0), topicOf('bad', 0, 0, NO_LEADER, 0)], tell);
    await expect(ask()).rejects.toMatchObject({ type: 'LEADER_NOT_AVAILABLE', retriable: true });
    clock.mockReturnValue(4_001);
    const [good, bad] = await ask();
    clock.mockRestore();
    expect(good!.partitionMetadata).toHaveLength(1);
    expect(bad!.partitionMetadata.map(({ partitionId }) => partitionId)).toEqual([0, 2]);
    expect(told.get('bad')).toMatch(/leader/);
  });
});
