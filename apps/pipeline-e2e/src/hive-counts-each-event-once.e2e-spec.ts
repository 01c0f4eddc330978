import { readFile } from 'node:fs/promises';
import { COLORS, TOPICS } from '@pipeline/event-schema';
import { eventually, listHdfsFiles, readHdfsRows, startPipeline, type LocalStack } from '@pipeline/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { colorClicks, type ColorClick } from './support/color-click.ts';
import { produce } from './support/kafka.ts';
import { PATIENT_COLLECTOR } from './support/patient-collector.ts';
import { sendEvents } from './support/send-events.ts';

const { name: TOPIC } = TOPICS.selectColor;
const DDL = new URL('../../../docs/hive/select-color.sql', import.meta.url);
const PATIENCE = { timeoutMs: 60_000, intervalMs: 500 };

const QUERIES = `
SELECT color_name, count(*) AS events FROM select_color GROUP BY color_name;
SELECT count(*) AS stored, count(DISTINCT event_id) AS events FROM select_color_raw;
SELECT event_id, user_name, kafka_topic FROM select_color WHERE user_name = 'Zoë "日本" \\\\';
`;

/** Clicks of all colours: one of the first, two of the second, and so on. */
function unevenClicks(): ColorClick[] {
  return COLORS.flatMap((color_name, index) =>
    colorClicks(index + 1).map((click) => ({ ...click, color_name })),
  );
}

function countsOf(clicks: readonly ColorClick[]): Record<string, string> {
  const counts = COLORS.map((color) => [
    color,
    clicks.filter(({ color_name }) => color_name === color).length,
  ]);
  return Object.fromEntries(counts.map(([color, count]) => [color, String(count)])) as Record<string, string>;
}

describe('Hive with the tables of docs/hive', () => {
  let stack: LocalStack;
  beforeAll(async () => {
    stack = await startPipeline({
      apps: ['collector-api', 'hdfs-sink'],
      servers: ['kafka', 'hdfs'],
      environment: { ...PATIENT_COLLECTOR, HDFS_SINK_FLUSH_MAX_AGE_MS: '200' },
    });
  });
  afterAll(() => stack?.stop());

  const rowsStored = (count: number) =>
    eventually(async () => expect(await readHdfsRows(stack, TOPIC)).toHaveLength(count), PATIENCE);

  it('counts what was sent, in plain and in gzip files, and a doubled event once', async () => {
    const odd = { ...colorClicks(1)[0]!, user_name: 'Zoë "日本" \\' };
    const clicks = [...unevenClicks(), odd, ...unevenClicks()];
    const half = Math.floor(clicks.length / 2);
    expect((await sendEvents(stack.app('collector-api'), clicks.slice(0, half))).status).toBe(202);
    await rowsStored(half);
    await stack.app('hdfs-sink').stop();

    await stack.startApp('hdfs-sink', { HDFS_SINK_COMPRESSION: 'gzip', HDFS_SINK_FLUSH_MAX_AGE_MS: '200' });
    expect((await sendEvents(stack.app('collector-api'), clicks.slice(half))).status).toBe(202);
    await rowsStored(clicks.length);
    // As when a browser sends again and the collector has forgotten: the same event in the topic twice.
    const again = { ...clicks[0], user_agent: 'again', occurred_at: new Date().toISOString() };
    await produce(stack, TOPIC, [{ key: null, value: JSON.stringify(again) }]);
    await rowsStored(clicks.length + 1);
    const kinds = new Set((await listHdfsFiles(stack, TOPIC)).map((path) => path.replace(/^.*\.jsonl/, '')));
    expect(kinds).toEqual(new Set(['', '.gz']));

    const [colors, totals, names] = await stack.hive((await readFile(DDL, 'utf8')) + QUERIES);
    expect(Object.fromEntries(colors!.rows)).toEqual(countsOf(clicks));
    expect(totals!.rows).toEqual([[String(clicks.length + 1), String(clicks.length)]]);
    expect(names!.rows).toEqual([[odd.event_id, odd.user_name, TOPIC]]);
  });
});
