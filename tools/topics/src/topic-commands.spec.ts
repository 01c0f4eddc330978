import { allTopics } from '@pipeline/event-schema';
import { describe, expect, it } from '@jest/globals';
import { MemoryTopics } from '../testing/topics.double.ts';
import { createTopics, diffTopics } from './topic-commands.ts';

const definition = (name: string, partitions = 3) => ({ name, partitions, replicationFactor: 2, config: {} });

describe('topics create', () => {
  it('creates what is missing and names it', async () => {
    const cluster = new MemoryTopics(new Map([['a', 3]]));
    expect(await createTopics(cluster, [definition('a'), definition('b')])).toEqual({
      lines: ['created b'],
      exitCode: 0,
    });
  });

  it('does nothing the second time', async () => {
    const cluster = new MemoryTopics(new Map());
    await createTopics(cluster, [definition('a'), definition('b')]);
    expect(await createTopics(cluster, [definition('a'), definition('b')])).toEqual({
      lines: ['all topics exist (2)'],
      exitCode: 0,
    });
  });

  it('leaves a cluster without any difference', async () => {
    const cluster = new MemoryTopics(new Map());
    await createTopics(cluster, allTopics());
    expect((await diffTopics(cluster, allTopics())).exitCode).toBe(0);
  });
});

describe('topics diff', () => {
  it('exits with 1 and says each difference in one sentence', async () => {
    const cluster = new MemoryTopics(new Map([['a', 1]]));
    expect(await diffTopics(cluster, [definition('a'), definition('b')])).toEqual({
      lines: ['a: partitions is 1, defined is 3', 'b is missing'],
      exitCode: 1,
    });
  });

  it('exits with 0 when the cluster is as defined', async () => {
    const cluster = new MemoryTopics(new Map([['a', 3]]));
    expect(await diffTopics(cluster, [definition('a')])).toEqual({
      lines: ['all topics are as defined (1)'],
      exitCode: 0,
    });
  });
});
