import { eventually, startStack, type LocalStack } from '@pipeline/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const APPS = ['collector-api', 'hdfs-sink', 'es-sink', 'web-ui'] as const;

describe.each(APPS)('%s without Kafka and without a store', (name) => {
  let stack: LocalStack;
  beforeAll(async () => {
    // Addresses at which nothing listens.
    stack = await startStack({ servers: [] });
    await stack.launchApp(name);
  });
  afterAll(() => stack?.stop());

  const get = (path: string) =>
    fetch(`${stack.app(name).url}${path}`, { signal: AbortSignal.timeout(2_000) });

  it('is alive', async () => {
    await eventually(async () => expect((await get('/livez')).status).toBe(200));
  });

  it('is not ready and says why', async () => {
    const response = await get('/readyz');
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ code: 'not-ready', reasons: expect.any(Object) });
  });

  it('tells its metrics', async () => {
    expect(await (await get('/metrics')).text()).toContain('process_cpu_seconds_total');
  });

  it('ends with exit code 0 on SIGTERM', async () => {
    expect(await stack.app(name).stop()).toBe(0);
  });
});
