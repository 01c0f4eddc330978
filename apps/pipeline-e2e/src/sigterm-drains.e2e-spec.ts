import { eventually, startPipeline, type LocalStack } from '@pipeline/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Load } from './support/load.ts';
import { PATIENT_COLLECTOR } from './support/patient-collector.ts';
import { bothStoresHoldAll, bothStoresHoldExactly } from './support/stored-once.ts';

const SOME = 200;

describe('SIGTERM in the middle of the load', () => {
  let stack: LocalStack;
  let load: Load;
  const acknowledged: string[] = [];
  beforeAll(async () => {
    stack = await startPipeline({
      apps: ['collector-api', 'hdfs-sink', 'es-sink'],
      environment: PATIENT_COLLECTOR,
    });
  });
  afterAll(() => stack?.stop());
  beforeEach(async () => {
    load = new Load(stack.app('collector-api'));
    await moreLoad();
  });
  afterEach(() => load.stop());

  const moreLoad = () => {
    const goal = load.acknowledged.length + SOME;
    return eventually(() => expect(load.acknowledged.length).toBeGreaterThan(goal), { intervalMs: 20 });
  };

  it.each(['hdfs-sink', 'es-sink'])(
    'ends %s with exit code 0, and nothing is lost or stored twice',
    async (name) => {
      expect(await stack.app(name).stop()).toBe(0);
      await moreLoad();
      await stack.app(name).start();
      acknowledged.push(...(await load.stop()));
      await bothStoresHoldExactly(stack, acknowledged);
    },
  );

  it('ends the collector with exit code 0, and every event that it acknowledged is stored', async () => {
    expect(await stack.app('collector-api').stop()).toBe(0);
    acknowledged.push(...(await load.stop()));
    await bothStoresHoldAll(stack, acknowledged);
  });
});
