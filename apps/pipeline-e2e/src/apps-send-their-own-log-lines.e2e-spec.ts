import { TOPICS } from '@pipeline/event-schema';
import { eventually, searchDocuments, startPipeline, type LocalStack } from '@pipeline/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PATIENT_COLLECTOR } from './support/patient-collector.ts';

const { name: TOPIC } = TOPICS.logRecord;
const PHRASE = 'partitions assigned';
const PATIENCE = { timeoutMs: 90_000, intervalMs: 500 };
/** A stored line that led to another one would do so within the second of the shipper and the flush of the sink. */
const QUIET_MS = 10_000;

describe('apps that send their own log lines', () => {
  let stack: LocalStack;
  beforeAll(async () => {
    stack = await startPipeline({
      apps: ['collector-api', 'hdfs-sink', 'es-sink'],
      shipsLogs: true,
      environment: { ...PATIENT_COLLECTOR, HDFS_SINK_FLUSH_MAX_AGE_MS: '500' },
    });
  });
  afterAll(() => stack?.stop());

  const stored = async () => (await searchDocuments(stack, `${TOPIC}-*`)).map(({ source }) => source);

  it('find each of them in Elasticsearch once', async () => {
    await eventually(async () => {
      const printed = stack.app('es-sink').output.filter((line) => line.includes(`"msg":"${PHRASE}"`));
      const found = (await stored()).filter(
        ({ service_name, body }) => service_name === 'es-sink' && body === PHRASE,
      );
      expect(printed.length).toBeGreaterThan(0);
      expect(found).toHaveLength(printed.length);
    }, PATIENCE);
  });

  it('send nothing because lines were stored', async () => {
    let count = 0;
    let since = performance.now();
    await eventually(async () => {
      const now = (await stored()).length;
      if (now !== count) since = performance.now();
      count = now;
      expect(performance.now() - since).toBeGreaterThan(QUIET_MS);
    }, PATIENCE);
    expect(count).toBeGreaterThan(0);
  });
});
