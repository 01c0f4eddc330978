import { describe, expect, it } from '@jest/globals';
import { type PartitionAssignment } from '@pipeline/kafka-transport';
import { MemoryDocumentStore } from '../../testing/document-store.double.ts';
import { StoreError } from '../elasticsearch/store-error.ts';
import { eventJson, owned, rangeOf, record, recordsOf } from '../../testing/records.fixture.ts';
import { sinkWriterOver } from '../../testing/sink-writer.fixture.ts';

function rig() {
  const store = new MemoryDocumentStore();
  const assignment = { topic: 'select-color', partition: 0 } as PartitionAssignment;
  const writer = sinkWriterOver(store).open(assignment);
  return { store, write: (records: ReturnType<typeof recordsOf>) => writer.write(rangeOf(records), owned()) };
}

const REJECTED = { status: 429, error: { type: 'es_rejected_execution_exception', reason: 'full' } };
const MAPPING = { status: 400, error: { type: 'document_parsing_exception', reason: 'no number' } };

describe('a flush', () => {
  it('stores every event once, under its own id in its own day', async () => {
    const { store, write } = rig();
    expect(await write(recordsOf('a', 'b'))).toEqual({ written: 2, duplicates: 0, rejected: [] });
    expect([...store.documents.keys()]).toEqual(['select-color-2026.11.22/a', 'select-color-2026.11.22/b']);
  });

  it('counts a replay as duplicates and changes nothing', async () => {
    const { store, write } = rig();
    await write(recordsOf('a', 'b'));
    const before = new Map(store.documents);
    expect(await write(recordsOf('a', 'b', 'c'))).toEqual({ written: 1, duplicates: 2, rejected: [] });
    expect([...store.documents.keys()].slice(0, 2)).toEqual([...before.keys()]);
    expect(store.documents.get('select-color-2026.11.22/a')).toBe(before.get('select-color-2026.11.22/a'));
  });

  it('counts an event that the browser sent twice as a duplicate', async () => {
    const { write } = rig();
    expect(await write(recordsOf('a', 'a'))).toEqual({ written: 1, duplicates: 1, rejected: [] });
  });

  it('lists only what may still succeed for another try', async () => {
    const { store, write } = rig();
    store.refuse = ({ id }) => (id === 'b' ? REJECTED : id === 'c' ? MAPPING : undefined);
    const records = [...recordsOf('a', 'b', 'c', 'd'), record('not json', { offset: 4 })];
    const report = await write(records);
    expect(report).toMatchObject({ written: 2, duplicates: 0 });
    expect(report.retry?.records).toEqual([records[1]]);
    expect(report.retry?.error).toMatchObject({ code: 'overloaded' });
    expect(report.rejected.map(({ code, record: { offset } }) => [code, offset])).toEqual([
      ['not-json', 4],
      ['mapping', 2],
    ]);
  });

  it('fails as a whole when Elasticsearch decided about nothing', async () => {
    const { store, write } = rig();
    store.faults.push({ kind: 'fail', error: new StoreError('unavailable', 'down') });
    await expect(write(recordsOf('a', 'b'))).rejects.toMatchObject({ code: 'unavailable' });
    expect(await write(recordsOf('a', 'b'))).toMatchObject({ written: 2 });
  });

  it('hands over bad records even while Elasticsearch is down', async () => {
    const { store, write } = rig();
    store.faults.push({ kind: 'fail', error: new StoreError('unavailable', 'down') });
    const report = await write([...recordsOf('a'), record(null, { offset: 1 })]);
    expect(report.rejected).toMatchObject([{ code: 'tombstone' }]);
    expect(report.retry?.records).toHaveLength(1);
  });

  it('sends no request for records that cannot become documents', async () => {
    const { store, write } = rig();
    const report = await write([record('{}'), record(eventJson({ occurred_at: 'yesterday' }))]);
    expect(report.rejected.map(({ code }) => code)).toEqual(['missing-field', 'invalid-field']);
    expect(store.requests).toEqual([]);
  });

  it('writes nothing before the template is in place', async () => {
    const { store, write } = rig();
    store.templateError = new StoreError('unavailable', 'down');
    await expect(write(recordsOf('a'))).rejects.toMatchObject({ code: 'unavailable' });
    expect(store.requests).toEqual([]);
    delete store.templateError;
    await write(recordsOf('a'));
    await write(recordsOf('b'));
    expect(store.templates.map(({ topic }) => topic)).toEqual(['shop.product', 'select-color']);
    expect(store.documents.size).toBe(2);
  });

  it('writes nothing into an index that is not ours', async () => {
    const { store, write } = rig();
    store.changedEffect = { mappings: { properties: { event_id: { type: 'text' } } } };
    await expect(write(recordsOf('a'))).rejects.toMatchObject({ code: 'foreign-index' });
    expect(store.requests).toEqual([]);
    store.changedEffect = {};
    expect(await write(recordsOf('a'))).toMatchObject({ written: 1 });
  });
});
