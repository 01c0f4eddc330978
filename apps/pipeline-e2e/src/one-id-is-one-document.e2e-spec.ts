import { randomUUID } from 'node:crypto';
import { TOPICS } from '@pipeline/event-schema';
import {
  eventually,
  hdfsCat,
  readHdfsRows,
  searchDocuments,
  startPipeline,
  type LocalStack,
} from '@pipeline/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { colorClicks } from './support/color-click.ts';
import { produce } from './support/kafka.ts';
import { PATIENT_COLLECTOR } from './support/patient-collector.ts';
import { sendEvents } from './support/send-events.ts';
import { INDICES } from './support/stored-once.ts';

const { name: TOPIC } = TOPICS.selectColor;
const PATIENCE = { timeoutMs: 60_000, intervalMs: 250 };
const DAY_MS = 24 * 60 * 60 * 1_000;
const UNDATED = `${TOPIC}-2099.12.31`;
const NUMBERS =
  '"order_id":1524831183200260097,"amount":0.1234567890123456789,"price":10.00,"big":123456789012345678901234567890,"z":-0';

describe('an id', () => {
  let stack: LocalStack;
  let rows = 0;
  beforeAll(async () => {
    stack = await startPipeline({
      apps: ['collector-api', 'hdfs-sink', 'es-sink'],
      environment: { ...PATIENT_COLLECTOR, HDFS_SINK_FLUSH_MAX_AGE_MS: '200' },
    });
  });
  afterAll(() => stack?.stop());

  /** Puts copies into Kafka as other replicas of the collector would, one after the other into both stores. */
  const receive = async (...copies: readonly Readonly<Record<string, unknown>>[]): Promise<void> => {
    for (const copy of copies) {
      const key = String(copy['received_at']);
      await produce(stack, TOPIC, [{ key, value: JSON.stringify({ user_agent: 'replica', ...copy }) }]);
      rows += 1;
      await eventually(async () => expect(await readHdfsRows(stack, TOPIC)).toHaveLength(rows), PATIENCE);
      await eventually(async () => {
        const metrics = await (await fetch(`${stack.app('es-sink').url}/metrics`)).text();
        const counts = [...metrics.matchAll(/^sink_records_(?:written|duplicate)_total\{.*\} (\d+)$/gm)];
        expect(counts.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(rows);
      }, PATIENCE);
    }
  };

  const documentsOf = (id = '') => searchDocuments(stack, INDICES, { term: { event_id: id } });

  it('brings its numbers digit for digit into both stores', async () => {
    const id = randomUUID();
    const event = `{"event_id":"${id}","event_type":"select-color","user_name":"Ada","color_name":"navy",${NUMBERS},"inner":{${NUMBERS}}}`;
    const { status } = await fetch(`${stack.app('collector-api').url}/v1/events`, {
      method: 'POST',
      body: event,
    });
    expect(status).toBe(202);
    rows += 1;
    const row = await eventually(async () => {
      const line = (await hdfsCat(stack, `/pipeline/${TOPIC}/*/*/*`))
        .split('\n')
        .find((each) => each.includes(id));
      expect(line).toContain(`${NUMBERS},"inner":{${NUMBERS}}`);
      return line!;
    }, PATIENCE);
    await eventually(async () => {
      const answer = await fetch(`${stack.elasticsearchUrl}/${INDICES}/_search?q=event_id:"${id}"`);
      expect(await answer.text()).toContain(`"_source":${row}`);
    }, PATIENCE);
  });

  it('is one document, the copy that was received first, in whatever order the copies are written', async () => {
    const [click] = colorClicks(1);
    const base = { ...click!, occurred_at: new Date().toISOString() };
    const at = (ms: number): string => new Date(Date.now() - ms).toISOString();
    const [second, first, third] = [
      { ...base, color_name: 'red', received_at: at(1_000) },
      { ...base, color_name: 'blue', received_at: at(2_000) },
      { ...base, color_name: 'green', received_at: at(500) },
    ];
    await receive(second, first, third, first);
    const found = await documentsOf(String(base.event_id));
    expect(found.map(({ source }) => source['color_name'])).toEqual(['blue']);
  });

  it('is one document whatever each replica makes of its time', async () => {
    const now = Date.now();
    const iso = (ms: number): string => new Date(ms).toISOString();
    const corrected = (sentMs: number, ms: number) => ({
      occurred_at: iso(ms),
      ...(sentMs === ms ? {} : { occurred_at_original: iso(sentMs) }),
      received_at: iso(ms),
    });
    const old = now - 60 * DAY_MS;
    const ahead = now + 400 * DAY_MS;
    const cases = [
      [corrected(now - DAY_MS, now - DAY_MS), corrected(now - DAY_MS, now)],
      [corrected(old, now - 7 * DAY_MS), corrected(old, now - 6 * DAY_MS)],
      [corrected(ahead, now - DAY_MS), corrected(ahead, now)],
      [
        { occurred_at: iso(now - DAY_MS), occurred_at_original: '', received_at: iso(now - DAY_MS) },
        { occurred_at: iso(now), occurred_at_original: '', received_at: iso(now) },
      ],
    ];
    const indices: string[] = [];
    for (const copies of cases) {
      const [click] = colorClicks(1);
      await receive(...copies.map((times) => ({ ...click, ...times })));
      const found = await documentsOf(click!.event_id);
      expect(found).toHaveLength(1);
      indices.push(found[0]!.index);
    }
    expect(indices.slice(1)).toEqual([UNDATED, UNDATED, UNDATED]);
  });

  it('that another event has is refused, on its own topic alone', async () => {
    const [click] = colorClicks(1);
    const view = { event_type: 'page-view', event_id: click!.event_id };
    const results = async (events: unknown) =>
      (await sendEvents(stack.app('collector-api'), events)).body.results;
    expect(await results([view, click])).toMatchObject([{ status: 'accepted' }, { status: 'accepted' }]);
    rows += 1;
    expect(await results([click, { ...click, user_name: 'Mallory' }])).toMatchObject([
      { status: 'duplicate' },
      { status: 'rejected', code: 'event-id-taken' },
    ]);
    await eventually(async () => expect(await documentsOf(click!.event_id)).toHaveLength(1), PATIENCE);
  });
});
