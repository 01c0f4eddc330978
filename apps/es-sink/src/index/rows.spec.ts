import { describe, expect, it } from '@jest/globals';
import { tableOf } from '@pipeline/event-schema';
import { type KafkaRecord, type PartitionAssignment } from '@pipeline/kafka-transport';
import { createLogger } from '@pipeline/observability';
import { effectFault } from '../elasticsearch/index-effect.ts';
import { tableTemplate } from '../elasticsearch/index-template.ts';
import { MemoryDocumentStore } from '../../testing/document-store.double.ts';
import { owned, rangeOf, record } from '../../testing/records.fixture.ts';
import { sinkWriterOver } from '../../testing/sink-writer.fixture.ts';
import { DeletionPurge } from './deletion-purge.ts';

const TOPIC = 'shop.product';
const TEMPLATE = tableTemplate(tableOf(TOPIC)!, '0-1');
const DAY_MS = 24 * 60 * 60 * 1_000;

/** A change of product 1; `null` deletes it. */
function change(offset: number, price: number | null, id = 1): KafkaRecord {
  const value = price === null ? null : `{"id":${id},"price":${price}}`;
  return record(value, { key: Buffer.from(`{"id":${id}}`), offset });
}

function rig() {
  const store = new MemoryDocumentStore();
  const sink = sinkWriterOver(store);
  const open = () => sink.open({ topic: TOPIC, partition: 0 } as PartitionAssignment);
  const writer = open();
  const write = (...records: KafkaRecord[]) => writer.write({ ...rangeOf(records), topic: TOPIC }, owned());
  return { store, write, row: (id = '1') => store.rows.get(`${TOPIC}/${id}`) };
}

describe('the rows of a table', () => {
  it('are documents under their key, with the offset as version and the lineage of their record', async () => {
    const { store, write, row } = rig();
    expect(await write(change(0, 9.5))).toEqual({ written: 1, duplicates: 0, rejected: [] });
    expect(store.aliases.get(TOPIC)).toBe('shop.product-v1');
    expect(row()).toEqual({
      version: 0,
      source: { id: 1, price: 9.5, kafka_topic: TOPIC, kafka_partition: 0, kafka_offset: 0 },
    });
  });

  it('are what their newest record says, however often and in whatever order it is written', async () => {
    const { write, row } = rig();
    await write(change(0, 1), change(1, 2), change(2, 3));
    expect(await write(change(0, 1), change(1, 2))).toMatchObject({ written: 0, duplicates: 2 });
    expect(await write(change(2, 3))).toMatchObject({ written: 0, duplicates: 1 });
    expect(row()).toMatchObject({ version: 2, source: { price: 3 } });
  });

  it('that are deleted stay deleted when an older change is written late, and can come again', async () => {
    const { write, row } = rig();
    await write(change(0, 1), change(5, null));
    expect(await write(change(3, 2))).toMatchObject({ written: 0, duplicates: 1 });
    expect(row()).toMatchObject({
      version: 5,
      source: { id: 1, kafka_deleted_at: '2026-11-22T12:00:00.000Z', kafka_offset: 5 },
    });
    await write(change(6, 4));
    expect(row()?.source).toEqual(expect.not.objectContaining({ kafka_deleted_at: expect.anything() }));
  });

  it.each([
    ['no JSON', '{"id":1}', 'not-json'],
    ['{"price":1}', '{"id":1}', 'missing-field'],
    ['{"id":2}', '{"id":1}', 'invalid-field'],
    ['{"id":"1"}', '{"id":1}', 'invalid-field'],
    ['{"id":1,"price":"9.50"}', '{"id":1}', 'invalid-field'],
    ['{"id":1,"__op":"c"}', '{"id":1}', 'field-reserved'],
    ['{"id":1}', '{"payload":{"id":1}}', 'missing-field'],
  ])('are not made of %s under the key %s', async (value, key, code) => {
    const { store, write } = rig();
    const { rejected } = await write(record(value, { key: Buffer.from(key) }));
    expect([rejected.map((one) => one.code), store.rows.size]).toEqual([[code], 0]);
  });
});

describe('deletions', () => {
  it('are removed when they were kept for their time, and rows that came again are not', async () => {
    const { store, write, row } = rig();
    await write(change(0, null, 1), change(1, null, 2), change(2, 5, 2), change(3, 7, 3));
    const purge = new DeletionPurge(store, createLogger('spec', 'silent'));
    await purge.purge(new Date(Date.now() + 6 * DAY_MS));
    expect(row('1')).toBeDefined();
    await purge.purge(new Date(Date.now() + 8 * DAY_MS));
    expect([row('1'), row('2')?.version, row('3')?.version]).toEqual([undefined, 2, 3]);
  });
});

describe('the index of a table', () => {
  const OURS = {
    existingName: 'shop.product-v1',
    isFiltered: true,
    mappings: TEMPLATE.body.template.mappings,
    settings: { 'index.mapping.total_fields.ignore_dynamic_beyond_limit': 'true' },
  };

  it.each(['shop.product-v1', 'shop.product-v12'])('may be %s', (existingName) => {
    expect(effectFault(TOPIC, { ...OURS, existingName }, TEMPLATE)).toBeUndefined();
  });

  it.each([
    ['is not there', { existingName: undefined }, 'it is not there'],
    ['has the name of the table itself', { existingName: TOPIC }, 'it is no alias of'],
    ['is another one', { existingName: 'shop.product-vat' }, 'it is no alias of'],
    ['is two', { existingName: 'shop.product-v1,shop.product-v2' }, 'it is no alias of'],
    ['shows deleted rows', { isFiltered: false }, 'does not hide deleted rows'],
    ['has another mapping', { mappings: {} }, 'its mapping has another'],
  ])('is not written while it %s', (_, change, fault) => {
    expect(effectFault(TOPIC, { ...OURS, ...change }, TEMPLATE)).toContain(fault);
  });

  it('maps numbers as numbers', () => {
    expect(TEMPLATE.body.template.mappings.properties).toMatchObject({
      id: { type: 'long' },
      price: { type: 'double' },
    });
  });
});
