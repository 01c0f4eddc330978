import { TOPICS } from '@pipeline/event-schema';
import {
  assertExactlyOnce,
  eventually,
  listHdfsFiles,
  readHdfsFile,
  readHdfsRows,
  startPipeline,
  type LocalStack,
} from '@pipeline/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { colorClicks, idsOf } from './support/color-click.ts';
import { produce } from './support/kafka.ts';

const { name: TOPIC } = TOPICS.selectColor;
/** Of which 224 MiB are working room: 16 MiB for the records of six partitions. */
const MEMORY_BYTES = 240 << 20;
const FILE_BYTES = 6 << 20;
const EVENT_BYTES = 1_000;
const PATIENCE = { timeoutMs: 90_000, intervalMs: 500 };

describe('hdfs-sink with less memory than a file has bytes', () => {
  let stack: LocalStack;
  beforeAll(async () => {
    stack = await startPipeline({ apps: [], servers: ['kafka', 'hdfs'] });
  });
  afterAll(() => stack?.stop());

  it.each(['none', 'gzip'])(
    'makes files of the size that was asked for (%s), each event once',
    async (compression) => {
      const before = await listHdfsFiles(stack, TOPIC);
      const occurred_at = new Date().toISOString();
      const clicks = colorClicks((2.5 * FILE_BYTES) / EVENT_BYTES).map((click) => ({
        ...click,
        occurred_at,
        user_agent: 'x'.repeat(EVENT_BYTES - JSON.stringify({ ...click, occurred_at }).length),
      }));
      const records = clicks.map((click) => ({ key: 'one partition', value: JSON.stringify(click) }));
      for (let at = 0; at < records.length; at += 2_000)
        await produce(stack, TOPIC, records.slice(at, at + 2_000));
      const sink = await stack.startApp('hdfs-sink', {
        HDFS_SINK_COMPRESSION: compression,
        HDFS_SINK_MEMORY_BUDGET_BYTES: String(MEMORY_BYTES),
        HDFS_SINK_FLUSH_MAX_BYTES: String(FILE_BYTES),
        HDFS_SINK_FLUSH_MAX_AGE_MS: '15000',
      });
      const madeNow = async () =>
        (await listHdfsFiles(stack, TOPIC)).filter((path) => !before.includes(path));
      await eventually(async () => {
        const ids = new Set((await readHdfsRows(stack, TOPIC)).map(({ event_id }) => event_id));
        expect(idsOf(clicks).filter((id) => !ids.has(id)).length).toBe(0);
      }, PATIENCE);
      const sizes = await Promise.all(
        (await madeNow()).map(async (path) => (await readHdfsFile(stack, path)).length),
      );
      expect(sizes.filter((size) => size > 0.9 * FILE_BYTES).length).toBeGreaterThanOrEqual(2);
      expect(sizes.length).toBeLessThanOrEqual(4);
      expect(await sink.stop()).toBe(0);
      const ids = new Set(idsOf(clicks));
      const rows = (await readHdfsRows(stack, TOPIC)).filter(({ event_id }) => ids.has(String(event_id)));
      assertExactlyOnce(rows, [...ids]);
    },
  );
});
