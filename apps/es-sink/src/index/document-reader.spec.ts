import { describe, expect, it } from '@jest/globals';
import { sourceOf } from '../../testing/document.fixture.ts';
import { eventJson, record, WINDOW } from '../../testing/records.fixture.ts';
import { DocumentReader } from './document-reader.ts';

const reader = new DocumentReader('select-color', 2, WINDOW);

/** What becomes of a record: its index and id, or the code it is refused with. */
const fate = (value: Buffer | string | null): string => {
  const read = reader.read(record(value));
  return 'code' in read ? read.code : `${read.index}/${read.id}`;
};

describe('a record on its way to a document', () => {
  it('keeps its own bytes and gains its lineage at the end', () => {
    const value =
      '{ "event_id": "a-1", "occurred_at": "2026-11-22T10:00:00.000Z", "big": 12345678901234567890, "e":1e2 }';
    const read = reader.read(record(value, { offset: 42 }));
    const source =
      '{ "event_id": "a-1", "occurred_at": "2026-11-22T10:00:00.000Z", "big": 12345678901234567890, "e":1e2 ';
    expect('writeSource' in read && sourceOf(read)).toBe(
      `${source},"kafka_topic":"select-color","kafka_partition":2,"kafka_offset":42}`,
    );
  });

  it('gets the same index and id each time it is read', () => {
    const value = eventJson({ event_id: 'a-1', occurred_at: '2026-11-22T23:59:59.999Z' });
    expect(fate(value)).toBe('select-color-2026.11.22/a-1');
    expect(fate(value)).toBe(fate(value));
  });

  it('is judged by the time at which the broker took it, whenever it is read', () => {
    const value = eventJson({ event_id: 'a-1', occurred_at: '2020-01-01T00:00:00.000Z' });
    const taken = record(value, { timestamp: Date.parse('2020-01-02T00:00:00.000Z') });
    expect(reader.read(taken)).toMatchObject({ index: 'select-color-2020.01.01', id: 'a-1' });
    expect(fate(value)).toBe('select-color-2099.12.31/a-1');
  });

  const day22 = Date.parse('2026-11-22T23:59:59.000Z').toString(16).padStart(12, '0');
  const V7 = `${day22.slice(0, 8)}-${day22.slice(8)}-7abc-8def-0123456789ab`;
  const V4 = V7.replace('-7abc', '-4abc');

  it.each([
    ['corrected once and not the next time', V4, { occurred_at: '2026-11-22T23:59:59.999Z' }],
    [
      'corrected to the next day',
      V4,
      { occurred_at: '2026-11-23T00:00:00.300Z', occurred_at_original: '2026-11-22T23:59:59.999Z' },
    ],
    [
      'whose clock was repaired between',
      V4,
      { occurred_at: '2026-11-18T10:00:00.000Z', occurred_at_original: '2026-11-23T08:59:59+09:00' },
    ],
    [
      'with an id that holds the time, whatever its times',
      V7,
      { occurred_at: '2026-11-23T00:00:00.300Z', occurred_at_original: '' },
    ],
    ['with an id that holds the time, without others', V7, { occurred_at: '2026-11-19T00:00:00.300Z' }],
  ])('lies in one index each time: an event %s', (_, event_id, times) => {
    expect(fate(eventJson({ event_id, ...times }))).toBe(`select-color-2026.11.22/${event_id}`);
  });

  it('lies with the undated where it brought an id of its own and no time, whenever it was received', () => {
    for (const occurred_at of ['2026-11-22T23:59:59.999Z', '2026-11-23T00:00:00.000Z']) {
      expect(fate(eventJson({ event_id: V4, occurred_at, occurred_at_original: '' }))).toBe(
        `select-color-2099.12.31/${V4}`,
      );
    }
  });

  it('tells where a copy of it may lie, near an end of the window and beyond', () => {
    const of = (occurred_at: string) => reader.read(record(eventJson({ event_id: 'a-1', occurred_at })));
    expect(of('2026-10-20T00:00:00Z')).toMatchObject({
      index: 'select-color-2026.10.20',
      otherIndex: 'select-color-2099.12.31',
    });
    expect(of('2026-10-10T00:00:00Z')).toMatchObject({
      index: 'select-color-2099.12.31',
      otherIndex: 'select-color-2026.10.10',
    });
    expect(of('2026-11-22T00:00:00Z')).toMatchObject({ otherIndex: undefined });
  });

  it('tells when and where it came in', () => {
    const read = reader.read(record(eventJson({ received_at: '2026-11-22T10:00:01.000Z' }), { offset: 7 }));
    expect('receipt' in read && read.receipt).toEqual({
      receivedAt: '2026-11-22T10:00:01.000Z',
      partition: 2,
      offset: 7,
    });
  });

  it('is one line even where its JSON is not', () => {
    const read = reader.read(
      record(JSON.stringify(JSON.parse(eventJson({})), null, 2).replaceAll('\n', '\r\n')),
    );
    expect('writeSource' in read && sourceOf(read)).toMatch(/^[^\r\n]+$/);
  });

  it('needs no field of the contract beyond id and time', () => {
    expect(fate('{"event_id":"a-1","occurred_at":"2026-11-22T10:00:00Z","color_name":"pink"}')).toBe(
      'select-color-2026.11.22/a-1',
    );
  });

  it.each([
    ['a tombstone', null, 'tombstone'],
    ['no JSON', 'red', 'not-json'],
    ['an array', '[]', 'not-an-object'],
    ['invalid UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'invalid-utf8'],
    ['no id', eventJson({ event_id: undefined }), 'missing-field'],
    ['a null id', eventJson({ event_id: null }), 'missing-field'],
    ['a number as id', eventJson({ event_id: 7 }), 'invalid-field'],
    ['an empty id', eventJson({ event_id: '' }), 'invalid-field'],
    ['an id beyond 512 bytes', eventJson({ event_id: 'x'.repeat(513) }), 'invalid-field'],
    ['an id beyond ASCII', eventJson({ event_id: 'ä' }), 'invalid-field'],
    ['no time', eventJson({ occurred_at: undefined }), 'missing-field'],
    ['a time without a zone', eventJson({ occurred_at: '2026-11-22T10:00:00' }), 'invalid-field'],
    ['a day that does not exist', eventJson({ occurred_at: '2026-02-30T10:00:00Z' }), 'invalid-field'],
    ['a time of receipt that is none', eventJson({ received_at: 'soon' }), 'invalid-field'],
    ['a leap second', eventJson({ occurred_at: '2026-12-31T23:59:60Z' }), 'invalid-field'],
    ['a metadata field', eventJson({ _doc_count: 5 }), 'field-reserved'],
    ['a number for its colour', eventJson({ color_name: 7 }), 'invalid-field'],
  ])('is refused for good with %s', (_, value, code) => {
    expect(fate(value)).toBe(code);
  });

  it('is found by its fields however they are spelt', () => {
    const time = '"occurred_at":"2026-11-22T10:00:00.000Z"';
    expect(fate(`{"event\\u005fid":"a-1",${time}}`)).toBe('select-color-2026.11.22/a-1');
    expect(fate(`{"event_id":"a-\\u0031",${time}}`)).toBe('select-color-2026.11.22/a-1');
    expect(fate(`{"event_id":"a-1","event\\u005fid":"a-2",${time}}`)).toBe('field-repeated');
    expect(fate(`{"event_id":"a-1",${time},"event_id":"a-2"}`)).toBe('field-repeated');
    expect(fate(`{"event_id":"a-1",${time},"inner":{"event_id":"a-2"}}`)).toBe('select-color-2026.11.22/a-1');
    expect(fate(` {"user_name":",\\"event_id\\":\\"a-2","event_id":"a-1",${time}}`)).toBe(
      'select-color-2026.11.22/a-1',
    );
  });

  it('is refused before it can overflow the stack of an Elasticsearch thread', () => {
    const nested = (levels: number) => `${'['.repeat(levels)}1${']'.repeat(levels)}`;
    expect(fate(eventJson({}).replace('{', `{"deep":${nested(99)},`))).toMatch(/^select-color-/);
    expect(fate(eventJson({}).replace('{', `{"deep":${nested(100)},`))).toBe('nested-too-deep');
    expect(fate(eventJson({}).replace('{', `{"deep":${'{"a":'.repeat(900)}1${'}'.repeat(900)},`))).toBe(
      'nested-too-deep',
    );
  });
});
