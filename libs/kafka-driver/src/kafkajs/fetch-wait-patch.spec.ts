import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { waitLessWhilePaused } from './fetch-wait-patch.ts';

waitLessWhilePaused();
const require = createRequire(import.meta.url);

type Partitions = readonly { readonly topic: string; readonly partitions: readonly number[] }[];

interface Group {
  pause(partitions: Partitions): void;
  resume(partitions: Partitions): void;
  fetch(nodeId: number): Promise<unknown[]>;
}
const ConsumerGroup = require('kafkajs/src/consumer/consumerGroup') as { prototype: Group };
const SubscriptionState = require('kafkajs/src/consumer/subscriptionState') as new () => {
  assign(partitions: Partitions): void;
};

const ALL = [{ topic: 't', partitions: [0, 1] }];
const ONE = [{ topic: 't', partitions: [1] }];
const CONFIGURED_MS = 300;

/** kafkajs's own class, with as much state as a fetch reads, and the waits that it asks its broker for. */
function groupOf(assigned: Partitions): { group: Group; waitsMs: number[] } {
  const waitsMs: number[] = [];
  const broker = {
    fetch: ({ maxWaitTime }: { maxWaitTime: number }) => {
      waitsMs.push(maxWaitTime);
      return Promise.resolve({ responses: [] });
    },
  };
  const subscriptionState = new SubscriptionState();
  subscriptionState.assign(assigned);
  const group = Object.assign(Object.create(ConsumerGroup.prototype) as Group, {
    subscriptionState,
    maxWaitTime: CONFIGURED_MS,
    logger: { info: () => undefined },
    cluster: {
      refreshMetadataIfNecessary: () => Promise.resolve(),
      findBroker: () => Promise.resolve(broker),
    },
    offsetManager: { committedOffsets: () => ({ t: { 0: '0', 1: '0' } }), nextOffset: () => '0' },
    checkForStaleAssignment: () => undefined,
    filterPartitionsByNode: (_nodeId: number, partitions: Partitions) => partitions,
    seekOffsets: () => Promise.resolve(),
  });
  return { group, waitsMs };
}

describe('a fetch', () => {
  it('waits for data as long as it was told to while every partition is read', async () => {
    const { group, waitsMs } = groupOf(ALL);
    await group.fetch(1);
    expect(waitsMs).toEqual([CONFIGURED_MS]);
  });

  it('waits for the others briefly while one is paused, and patiently again afterwards', async () => {
    const { group, waitsMs } = groupOf(ALL);
    group.pause(ONE);
    await group.fetch(1);
    group.resume(ONE);
    await group.fetch(1);
    expect(waitsMs).toEqual([20, CONFIGURED_MS]);
  });

  it('ends soon where all are paused, and at its time where there are none', async () => {
    const paused = groupOf(ALL);
    paused.group.pause(ALL);
    const idle = groupOf([]);
    const ended: string[] = [];
    await Promise.all([
      idle.group.fetch(1).then(() => ended.push('idle')),
      paused.group.fetch(1).then(() => ended.push('paused')),
    ]);
    expect(ended).toEqual(['paused', 'idle']);
    expect(paused.waitsMs).toEqual([]);
  });
});
