import { readFile } from 'node:fs/promises';
import { audit, auditSettings } from '@pipeline/audit';
import { GROUPS } from '@pipeline/event-schema';
import { type OutgoingRecord } from '@pipeline/kafka-transport';
import { createLogger } from '@pipeline/observability';
import {
  eventually,
  type FaultProxy,
  fetchOk,
  isBulk,
  KafkaOperator,
  type LocalStack,
  readHdfsRows,
  searchDocuments,
  startElasticsearchProxy,
  startPipeline,
} from '@pipeline/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectionTo, produce } from './support/kafka.ts';
import { pricesAfter, pricesIn, productChange, PRODUCTS } from './support/product-changes.ts';

const PATIENCE = { timeoutMs: 90_000, intervalMs: 250 };
const DDL = new URL(`../../../docs/hive/${PRODUCTS}.sql`, import.meta.url);
const JSON_TYPE = { 'content-type': 'application/json' };

describe('a table', () => {
  let stack: LocalStack;
  let proxy: FaultProxy;
  const changes: OutgoingRecord[] = [];

  beforeAll(async () => {
    stack = await startPipeline({ apps: ['hdfs-sink'], environment: { HDFS_SINK_FLUSH_MAX_AGE_MS: '200' } });
    proxy = await startElasticsearchProxy(stack.elasticsearchUrl);
    await stack.startApp('es-sink', { ELASTICSEARCH_NODE: proxy.url });
  });
  afterAll(async () => {
    await stack?.stop();
    await proxy?.close();
  });

  const write = async (...more: readonly OutgoingRecord[]): Promise<void> => {
    changes.push(...more);
    await produce(stack, PRODUCTS, more);
  };
  const shown = async () => pricesIn(await searchDocuments(stack, PRODUCTS));
  const settled = () =>
    eventually(async () => {
      expect(await readHdfsRows(stack, PRODUCTS)).toHaveLength(changes.length);
      expect(await shown()).toEqual(pricesAfter(changes));
    }, PATIENCE);
  const audited = () =>
    audit({ settings: auditSettings.load(stack.environment), topic: PRODUCTS, waitMs: 60_000 });
  const ids = Array.from({ length: 20 }, (_, index) => index + 1);
  const bulk = async (body: string): Promise<number> => {
    const url = `${stack.elasticsearchUrl}/_bulk?refresh=true`;
    const answer = await fetchOk(url, { method: 'POST', headers: JSON_TYPE, body });
    const { items } = (await answer.json()) as { items: Record<string, { status: number }>[] };
    return Object.values(items[0]!)[0]!.status;
  };

  it('shows in Elasticsearch the newest row of each key, and in HDFS every change', async () => {
    await write(...ids.map((id) => productChange(id, id + 0.5)));
    await write(...ids.slice(0, 10).map((id) => productChange(id, id + 0.25)));
    await write(...ids.slice(0, 5).map((id) => productChange(id)));
    await settled();
    const [document] = await searchDocuments(stack, PRODUCTS, { ids: { values: ['6'] } });
    expect(document).toMatchObject({
      index: `${PRODUCTS}-v1`,
      source: { id: 6, price: 6.25, kafka_topic: PRODUCTS },
    });
    expect(await audited()).toMatchObject({ verdict: 'holds', findings: [] });
  });

  it('adds numbers up as numbers, without what was deleted', async () => {
    const body = JSON.stringify({ size: 0, aggs: { sum: { sum: { field: 'price' } } } });
    const url = `${stack.elasticsearchUrl}/${PRODUCTS}/_search`;
    const answer = await (await fetchOk(url, { method: 'POST', headers: JSON_TYPE, body })).json();
    const sum = [...pricesAfter(changes).values()].reduce((so, price) => so + price, 0);
    expect(answer).toMatchObject({ aggregations: { sum: { value: sum } } });
  });

  it('is the same after a restart of es-sink that reads everything again, deletions too', async () => {
    await stack.app('es-sink').stop();
    await write(productChange(6, 66), productChange(7), productChange(1, 11));
    const kafka = new KafkaOperator(connectionTo(stack), createLogger('spec', 'silent'));
    try {
      await kafka.moveGroup(GROUPS.esSink, PRODUCTS, new Map([0, 1, 2].map((each) => [each, 0n])));
    } finally {
      await kafka.close();
    }
    await stack.app('es-sink').start();
    await settled();
    expect(await audited()).toMatchObject({ verdict: 'holds', findings: [] });
  });

  it('agrees with Kafka while two replicas share its partitions', async () => {
    const second = await stack.startApp('es-sink', { ELASTICSEARCH_NODE: proxy.url });
    for (let round = 1; round <= 5; round += 1) {
      await write(
        ...ids.map((id) =>
          (id + round) % 4 === 0 ? productChange(id) : productChange(id, id * 100 + round),
        ),
      );
    }
    await second.stop();
    await settled();
    expect(await audited()).toMatchObject({ verdict: 'holds', findings: [] });
  });

  it('shows no deleted row again when an older write comes after Elasticsearch has forgotten deletions', async () => {
    const late: Buffer[] = [];
    proxy.harm((request) => {
      if (isBulk(request) && request.body.includes('"price":4242')) late.push(request.body);
      return undefined;
    });
    await fetchOk(`${stack.elasticsearchUrl}/${PRODUCTS}/_settings`, {
      method: 'PUT',
      headers: JSON_TYPE,
      body: '{"index.gc_deletes":"1s"}',
    });
    const external = (version: number) =>
      `"_index":"${PRODUCTS}","_id":"control","version":${version},"version_type":"external"`;
    const control = (version: number) => `{"index":{${external(version)}}}\n{"id":0}\n`;
    expect(await bulk(control(5))).toBe(201);
    expect(await bulk(`{"delete":{${external(7)}}}\n`)).toBe(200);
    await write(productChange(42, 4242));
    await settled();
    await write(productChange(42));
    await settled();
    // What a plain deletion comes to: the trap is set.
    await eventually(async () => expect(await bulk(control(6))).toBe(201), PATIENCE);
    expect(await bulk(`{"delete":{${external(8)}}}\n`)).toBe(200);

    expect(late).toHaveLength(1);
    expect(await bulk(late[0]!.toString())).toBe(409);
    expect(await shown()).toEqual(pricesAfter(changes));
    expect(await audited()).toMatchObject({ verdict: 'holds', findings: [] });
  });

  it('is a view in Hive with the newest row of each key', async () => {
    const query =
      'SELECT id, price, name FROM shop_product ORDER BY id;\nSELECT count(*) FROM shop_product_raw;';
    const [rows, total] = await stack.hive(`${await readFile(DDL, 'utf8')}\n${query}`);
    const expected = [...pricesAfter(changes)].map(([id, price]) => [String(id), price, `Product ${id} é`]);
    expect(rows!.rows.map(([id, price, name]) => [id, Number(price), name])).toEqual(expected);
    expect(total!.rows).toEqual([[String(changes.length)]]);
  });

  it('has dead letters for what is no row, and its neighbours are stored', async () => {
    const bad = { key: '{"id":7}', value: '{"price":1}' };
    await produce(stack, PRODUCTS, [bad, { key: 'seven', value: null }]);
    await write(productChange(7, 77));
    await settled();
    const report = await audited();
    const letters = report.hours.reduce(
      (sum, { deadLetters }) => sum + deadLetters['es-sink'] + deadLetters['hdfs-sink'],
      0,
    );
    expect([report.verdict, letters]).toEqual(['holds', 4]);
  });
});
