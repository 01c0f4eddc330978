import { describe, expect, it } from '@jest/globals';
import { type KafkajsCluster } from '../client/kafkajs-cluster.ts';
import { KafkajsBatchSender } from './kafkajs.batch-sender.ts';

/** A cluster whose metadata are there, while the leader of its only partition does not take connections. */
function clusterWithoutLeader(): KafkajsCluster {
  const done = () => Promise.resolve();
  return {
    brokerPool: { brokers: {} },
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
});
