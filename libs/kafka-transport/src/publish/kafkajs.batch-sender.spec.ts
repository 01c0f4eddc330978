import { describe, expect, it } from '@jest/globals';
import { type ClusterBroker, type KafkajsCluster } from '../client/kafkajs-cluster.ts';
import { KafkajsBatchSender } from './kafkajs.batch-sender.ts';

const done = () => Promise.resolve();

/** A cluster whose metadata are there, while the leader of its only partition does not take connections. */
function clusterWithoutLeader(): KafkajsCluster {
  return {
    brokerPool: { brokers: {}, findConnectedBroker: () => Promise.reject(new Error('not asked')) },
    connect: done,
    disconnect: done,
    refreshMetadata: done,
    refreshMetadataIfNecessary: done,
    addMultipleTargetTopics: done,
    findTopicPartitionMetadata: () => [{ partitionId: 0, leader: 1 }],
    findBroker: () => Promise.reject(new Error('Connection timeout')),
    findControllerBroker: () => Promise.reject(new Error('not asked')),
    findGroupCoordinator: () => Promise.reject(new Error('not asked')),
  };
}

function senderTo(cluster: KafkajsCluster): KafkajsBatchSender {
  return new KafkajsBatchSender({ createCluster: () => cluster, acks: 'all', replicationTimeoutMs: 1 });
}

describe('the check of a topic', () => {
  it('stays with the broker that knows the leaders while one of those is gone', async () => {
    let clusters = 0;
    const createCluster = () => {
      clusters += 1;
      return clusterWithoutLeader();
    };
    const sender = new KafkajsBatchSender({ createCluster, acks: 'all', replicationTimeoutMs: 1 });
    for (let times = 0; times < 2; times++)
      await expect(sender.check('clicks')).rejects.toMatchObject({ code: 'broker-unavailable' });
    expect(clusters).toBe(1);
  });

  it('hears of a new leader before the attempt to connect to one that is cut off has ended', async () => {
    let leader = 1;
    const findBroker = ({ nodeId }: { nodeId: number }) =>
      nodeId === 1 ? new Promise<never>(() => undefined) : Promise.resolve({} as ClusterBroker);
    const findTopicPartitionMetadata = () => [{ partitionId: 0, leader }];
    const sender = senderTo({ ...clusterWithoutLeader(), findBroker, findTopicPartitionMetadata });
    await expect(sender.check('clicks')).rejects.toMatchObject({ message: /Broker 1, a leader,/ });
    leader = 2;
    await expect(sender.check('clicks')).resolves.toBeUndefined();
  });

  it('has one attempt to connect to a leader under way, however often it is asked, and a next one when that failed', async () => {
    const attempts: ((error: Error) => void)[] = [];
    const findBroker = () => new Promise<never>((_, reject) => attempts.push(reject));
    const sender = senderTo({ ...clusterWithoutLeader(), findBroker });
    for (let times = 0; times < 2; times++)
      await expect(sender.check('clicks')).rejects.toMatchObject({ code: 'broker-unavailable' });
    expect(attempts).toHaveLength(1);
    attempts[0]!(new Error('Connection timeout'));
    await expect(sender.check('clicks')).rejects.toMatchObject({ code: 'broker-unavailable' });
    expect(attempts).toHaveLength(2);
  });
});

it('takes an identity from a broker that is connected, not from a controller that may be cut off', async () => {
  const identity = { producerId: '7', producerEpoch: 0 };
  const connected = { initProducerId: () => Promise.resolve(identity) } as unknown as ClusterBroker;
  const brokerPool = { brokers: {}, findConnectedBroker: () => Promise.resolve(connected) };
  const sender = senderTo({ ...clusterWithoutLeader(), brokerPool });
  await expect(sender.newIdentity()).resolves.toEqual({ producerId: 7n, epoch: 0 });
});
