import { describe, expect, it } from '@jest/globals';
import { type KafkajsBroker, type KafkajsCluster } from './kafkajs/kafkajs.ts';
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
  } as unknown as KafkajsCluster;
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
      nodeId === 1 ? new Promise<never>(() => undefined) : Promise.resolve({} as KafkajsBroker);
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
  const connected = { initProducerId: () => Promise.resolve(identity) } as unknown as KafkajsBroker;
  const brokerPool = { brokers: {}, findConnectedBroker: () => Promise.resolve(connected) };
  const sender = senderTo({ ...clusterWithoutLeader(), brokerPool } as unknown as KafkajsCluster);
  await expect(sender.newIdentity()).resolves.toEqual({ producerId: 7n, epoch: 0 });
});

describe('the connection to a cluster', () => {
  /** A cluster of one bootstrap broker, and whether its connection was given up. */
  function bootstrap(connect: () => Promise<void>) {
    const state = { isGivenUp: false };
    const disconnect = () => {
      state.isGivenUp = true;
      return done();
    };
    return { state, cluster: { ...clusterWithoutLeader(), connect, disconnect } };
  }

  function senderOver(bootstraps: readonly { readonly cluster: KafkajsCluster }[]): KafkajsBatchSender {
    const left = bootstraps.map(({ cluster }) => cluster);
    return new KafkajsBatchSender({
      createCluster: () => left.shift()!,
      acks: 'all',
      replicationTimeoutMs: 1,
    });
  }

  it('is made to the next bootstrap broker while one that is cut off keeps it waiting, which is given up', async () => {
    const brokers = [bootstrap(() => new Promise<never>(() => undefined)), bootstrap(done)];
    await expect(senderOver(brokers).partitionCount('clicks')).resolves.toBe(1);
    expect(brokers.map(({ state }) => state.isGivenUp)).toEqual([true, false]);
  });

  it('fails at once when the bootstrap broker refuses it', async () => {
    const refused = () => Promise.reject(new Error('ECONNREFUSED'));
    const brokers = [bootstrap(refused), bootstrap(done)];
    await expect(senderOver(brokers).ping()).rejects.toMatchObject({ message: 'ECONNREFUSED' });
    expect(brokers.map(({ state }) => state.isGivenUp)).toEqual([true, false]);
  });

  it('is given up when it comes after a reset', async () => {
    let connected!: () => void;
    const brokers = [bootstrap(() => new Promise<void>((resolve) => (connected = resolve)))];
    const sender = senderOver(brokers);
    const pinged = sender.ping();
    sender.reset();
    connected();
    await expect(pinged).rejects.toMatchObject({ message: 'Gave up connecting' });
    expect(brokers[0]!.state.isGivenUp).toBe(true);
  });
});
