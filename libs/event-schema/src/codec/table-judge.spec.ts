import { describe, expect, it } from '@jest/globals';
import { type TableEntry } from '../event-type.ts';
import { tableOf } from '../event-types.ts';
import { DecodeError } from './decode-error.ts';
import { linesOf, TableJudge } from './table-judge.ts';

const PRODUCTS = tableOf('shop.product')!;
const VISITORS: TableEntry = {
  ...PRODUCTS,
  name: 'visitors',
  key: 'visitor_id',
  fields: [
    { name: 'visitor_id', type: 'text', isRequired: true },
    { name: 'last_seen', type: 'instant' },
    { name: 'user_agent', type: 'integer' },
  ],
};
const AT = Date.parse('2026-11-22T12:00:00.000Z');

const read = (key: string | Buffer | null, value: string | null, table = PRODUCTS) => {
  const bytes = (text: string | Buffer | null) => (text === null ? null : Buffer.from(text as string));
  const change = new TableJudge(table).read({ key: bytes(key), value: bytes(value), timestamp: AT });
  return change instanceof DecodeError ? change.code : { ...change, line: change.line.toString() };
};

describe('the id of a row', () => {
  it.each([
    ['{"id":1}', '{"id":1}', '1'],
    ['{ "id" : 1 } ', '{"price":1.50,"id":1,"other":{"a":[1]}}', '1'],
    ['1', '{"id":1}', '1'],
    ['-9223372036854775808', '{"id":-9223372036854775808}', '-9223372036854775808'],
    ['{"id":9007199254740993}', '{"id":9007199254740993}', '9007199254740993'],
  ])('is the number in the key %s, digit for digit', (key, value, id) => {
    expect(read(key, value)).toEqual({ id, line: value, isDeletion: false });
  });

  it.each([
    ['{"visitor_id":"v-1"}', '{"visitor_id":"v-1"}', 'v-1'],
    ['v-1', '{"visitor_id":"v-1"}', 'v-1'],
    ['"v-1"', '{"visitor_id":"v-1"}', 'v-1'],
    ['7', '{"visitor_id":"7"}', '7'],
    ['{"visitor_id":"\\u00e9"}', '{"visitor_id":"é"}', 'é'],
    ['日本', '{"visitor_id":"\\u65e5本"}', '日本'],
    ['"', '{"visitor_id":"\\""}', '"'],
    ['x'.repeat(512), `{"visitor_id":"${'x'.repeat(512)}"}`, 'x'.repeat(512)],
  ])('is the text in the key %s', (key, value, id) => {
    expect(read(key, value, VISITORS)).toEqual({ id, line: value, isDeletion: false });
  });

  it.each([
    ['there is no key', null, '{"visitor_id":"a"}', 'missing-field'],
    ['the key is empty', '', '{"visitor_id":"a"}', 'missing-field'],
    ['the key is an empty text', '""', '{"visitor_id":""}', 'invalid-field'],
    ['the key has other fields', '{"visitor_id":"a","b":1}', '{"visitor_id":"a"}', 'invalid-field'],
    ['the key has it not', '{"b":1}', '{"visitor_id":"a"}', 'missing-field'],
    ['the key is null', '{"visitor_id":null}', '{"visitor_id":"a"}', 'missing-field'],
    [
      'the key is longer than an id may be',
      'é'.repeat(257),
      `{"visitor_id":"${'é'.repeat(257)}"}`,
      'invalid-field',
    ],
    ['the key is half a character', '"\\ud800"', '{"visitor_id":"\\ud800"}', 'invalid-field'],
    ['the key is no UTF-8', Buffer.of(0xff), '{"visitor_id":"a"}', 'invalid-field'],
    ['the row has it not', 'a', '{"b":1}', 'missing-field'],
    ['the row has null there', 'a', '{"visitor_id":null}', 'missing-field'],
    ['the row has another one', 'a', '{"visitor_id":"b"}', 'invalid-field'],
  ])('is refused where %s', (_, key, value, code) => {
    expect(read(key, value, VISITORS)).toBe(code);
  });
});

describe('a row', () => {
  it.each([
    ['no object', '[1]', 'not-an-object'],
    ['of a whole number that is none', '{"id":1.5}', 'invalid-field'],
    ['of a whole number of more than 64 bits', '{"id":9223372036854775808}', 'invalid-field'],
    ['with a text for a number', '{"id":1,"price":"1"}', 'invalid-field'],
    ['with a name of ours', '{"id":1,"kafka_deleted_at":"2026-11-22T12:00:00.000Z"}', 'field-reserved'],
    ['with a name of Elasticsearch', '{"id":1,"__deleted":"true"}', 'field-reserved'],
    ['with a name twice', '{"id":1,"ID":1}', 'field-reserved'],
    ['with a folder of Hive', '{"id":1,"dt":1}', 'field-reserved'],
  ])('is refused: %s', (_, value, code) => {
    expect(read('1', value)).toBe(code);
  });

  it('has fields of its own, though an event type gives the name another type', () => {
    expect(read('a', '{"visitor_id":"a","user_agent":7}', VISITORS)).toMatchObject({ id: 'a' });
    expect(read('a', '{"visitor_id":"a","event_id":{"x":1}}', VISITORS)).toMatchObject({ id: 'a' });
    expect(read('a', '{"visitor_id":"a","user_agent":"x"}', VISITORS)).toBe('invalid-field');
  });

  it('has instants that both stores read', () => {
    expect(read('a', '{"visitor_id":"a","last_seen":"2026-11-22T12:00:00.000Z"}', VISITORS)).toMatchObject({
      id: 'a',
    });
    expect(read('a', '{"visitor_id":"a","last_seen":"2026-11-22 12:00:00"}', VISITORS)).toBe('invalid-field');
  });
});

describe('a deletion', () => {
  it.each([
    ['{"id":1}', PRODUCTS, '{"id":1,"kafka_deleted_at":"2026-11-22T12:00:00.000Z"}'],
    ['1', PRODUCTS, '{"id":1,"kafka_deleted_at":"2026-11-22T12:00:00.000Z"}'],
    ['a"b', VISITORS, '{"visitor_id":"a\\"b","kafka_deleted_at":"2026-11-22T12:00:00.000Z"}'],
  ])('of the key %s is a line with the key and when it was appended', (key, table, line) => {
    expect(read(key, null, table)).toMatchObject({ line, isDeletion: true });
  });

  it('of a key that is none of the table is refused', () => {
    expect(read('one', null)).toBe('invalid-field');
  });
});

describe('the lines of a topic', () => {
  it('are at most as long as they are said to be', () => {
    const lines = linesOf('shop.product');
    const records = [
      { key: Buffer.from('{"id":-9223372036854775808}'), value: null, timestamp: AT },
      { key: Buffer.from('1'), value: Buffer.from('{"id":1,"name":"x"}'), timestamp: AT },
    ];
    for (const record of records) {
      const line = lines.of(record);
      expect(line).toBeInstanceOf(Buffer);
      expect((line as Buffer).length).toBeLessThanOrEqual(lines.longest(record));
    }
  });
});
