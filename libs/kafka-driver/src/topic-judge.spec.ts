import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createRequire } from 'node:module';
import { createLogger } from '@pipeline/observability';
import { createCluster, PATIENT } from './cluster.ts';
import { type Lookup } from './kafkajs/kafkajs.ts';
import { API, tapRequests } from './requests.ts';
import { type OnTopic, TopicJudge } from './topic-judge.ts';

const require = createRequire(import.meta.url);
const { lookup } = require('kafkajs/src/protocol/requests') as { lookup: (versions: object) => Lookup };

interface Topic {
  readonly topicErrorCode: number;
  readonly topic: string;
  readonly partitionMetadata: readonly {
    readonly partitionErrorCode: number;
    readonly partitionId: number;
  }[];
}

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

const connection = { brokers: ['memory:1'], clientId: 'spec', tls: undefined, sasl: undefined };

/** The broker that kafkajs makes for a cluster, on a connection that gives this answer. */
function askBroker(topics: readonly Topic[], onTopic?: OnTopic) {
  const cluster = createCluster(connection, createLogger('spec', 'silent'), PATIENT);
  if (onTopic) tapRequests(cluster, { [API.metadata]: new TopicJudge(onTopic).tap });
  const answer = { brokers: [], topicMetadata: topics };
  const broker = cluster.brokerPool.createBroker({
    connectionPool: {
      send: ({ response }: { response: { parse: (decoded: object) => Promise<object> } }) =>
        response.parse(answer),
    },
    logger: { namespace: () => ({}) },
  }) as unknown as {
    lookupRequest: Lookup;
    metadata: (topics: readonly string[]) => Promise<{ topicMetadata: readonly Topic[] }>;
  };
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
