import { LineageAppender, linesOf } from '@pipeline/event-schema';
import { describe, expect, it } from '@jest/globals';
import { jsonLines } from './json-lines.ts';
import { eventJson, recordAt } from '../../testing/records.fixture.ts';
import { recordIdentity } from './next-file.ts';

const LINEAGE = '"kafka_topic":"t","kafka_partition":3,"kafka_offset":';
const rowsOf = (...values: (string | Buffer | null)[]) => {
  const records = values.map((value, index) => recordAt(index, { value }));
  return jsonLines(records, new LineageAppender('t', 3), linesOf('t'));
};

describe('jsonLines', () => {
  it('keeps the bytes of each record and adds its lineage: one record in, one line out', () => {
    const values = ['"n":12345678901234567890,"m":1.10', '"s":"é \u2028 \\n"', '"o":{}'].map(eventJson);
    const rows = values.map((value, offset) => `${value.slice(0, -1)},${LINEAGE}${offset}}\n`);
    expect(rowsOf(...values).body.toString()).toBe(rows.join(''));
  });

  it('keeps a record with raw line breaks on one line', () => {
    const { body, lines } = rowsOf(eventJson('\r\n  "a": 1,\n  "b": [\n]') + '\n');
    expect(lines).toBe(1);
    expect(body.toString().split('\n')).toHaveLength(2);
    expect(JSON.parse(body.toString())).toMatchObject({ a: 1, b: [] });
  });

  it('sets aside what can never be a row, and stores its neighbours', () => {
    const { body, lines, rejected } = rowsOf(eventJson('"a":1'), 'x', null, eventJson('"b":2'));
    expect(lines).toBe(2);
    expect(body.toString().split('\n')).toHaveLength(3);
    expect(rejected.map(({ record, code }) => [record.offset, code])).toEqual([
      [1, 'not-json'],
      [2, 'tombstone'],
    ]);
  });

  it('sets aside what one store alone would take, or a reader of the files could not read', () => {
    const long = `{"n":${'1'.repeat(1_500)}}`;
    const { rejected } = rowsOf(
      '{"_id":1}',
      '{"a":1,"A":2}',
      long,
      '{"schema_version":99999999999}',
      '{"dt":1}',
    );
    expect(rejected.map(({ code }) => code)).toEqual([
      'field-reserved',
      'field-repeated',
      'number-too-long',
      'invalid-field',
      'field-reserved',
    ]);
  });
});

describe('jsonLines of what is no event', () => {
  it.each([
    ['no id', '{"occurred_at":"2026-11-22T09:30:00Z"}', 'missing-field'],
    ['no time', '{"event_id":"a-1"}', 'missing-field'],
    ['a time that is none', '{"event_id":"a-1","occurred_at":"never"}', 'invalid-field'],
    ['a time of receipt that Elasticsearch refuses', eventJson('"received_at":"soon"'), 'invalid-field'],
  ])('set it aside, as es-sink does: %s', (_, value, code) => {
    const { lines, rejected } = rowsOf(eventJson('"a":1'), value);
    expect([lines, rejected.map((one) => one.code)]).toEqual([1, [code]]);
  });
});

describe('jsonLines of a table', () => {
  const change = (offset: number, key: string, value: string | null) => ({
    ...recordAt(offset, { value }),
    key: Buffer.from(key),
  });

  it('have each change on a line, a deletion too', () => {
    const records = [
      change(0, '{"id":1}', '{"id":1,"price":9.50}'),
      change(1, '{"id":1}', null),
      change(2, '{"id":1}', '{"price":1}'),
      change(3, 'one', null),
    ];
    const lineage = '"kafka_topic":"shop.product","kafka_partition":3,"kafka_offset"';
    const { body, lines, rejected } = jsonLines(
      records,
      new LineageAppender('shop.product', 3),
      linesOf('shop.product'),
    );
    expect(body.toString()).toBe(
      `{"id":1,"price":9.50,${lineage}:0}\n{"id":1,"kafka_deleted_at":"2026-11-22T09:30:00.000Z",${lineage}:1}\n`,
    );
    expect([lines, rejected.map(({ code }) => code)]).toEqual([2, ['missing-field', 'invalid-field']]);
  });
});

describe('recordIdentity', () => {
  it('differs when topic, offset, append time, key or value differ', () => {
    const record = recordAt(7);
    const others = [
      recordIdentity('other', record),
      ...[{ offset: 8 }, { timestamp: 1 }, { key: null }, { value: Buffer.from('{}') }, { value: null }].map(
        (change) => recordIdentity('t', { ...record, ...change }),
      ),
    ];
    expect(new Set([recordIdentity('t', record), ...others]).size).toBe(7);
    expect(recordIdentity('t', recordAt(7))).toBe(recordIdentity('t', record));
  });
});
