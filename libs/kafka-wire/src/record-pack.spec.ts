import { describe, expect, it } from '@jest/globals';
import { packRecords } from './pack-records.ts';
import { type KafkaRecord, RECORD_OVERHEAD_BYTES } from './record-pack.ts';

function message(overrides: Partial<KafkaRecord> = {}): KafkaRecord {
  return {
    key: Buffer.from('ada'),
    value: Buffer.from('{"a":1}'),
    headers: {},
    offset: 0,
    timestamp: 1_764_000_000_000,
    ...overrides,
  };
}

const seen = ({ key, value, headers, offset, timestamp }: KafkaRecord) => ({
  ...{ key, value, headers: { ...headers } },
  ...{ offset, timestamp },
});

describe('packRecords', () => {
  it('gives back key, value, headers, offset and time of each record', () => {
    const given = [
      message({ offset: 9_007_199_254_740_989, headers: { a: Buffer.from('b'), naïve: Buffer.from('é') } }),
      message({ offset: 9_007_199_254_740_991, value: Buffer.from([0, 255, 10, 13]) }),
    ];
    expect(packRecords(given).views().map(seen)).toEqual(given.map(seen));
  });

  it.each([
    ['no key', { key: null }],
    ['an empty key', { key: Buffer.alloc(0) }],
    ['no value', { value: null }],
    ['an empty value', { value: Buffer.alloc(0) }],
    [
      'a header with several values',
      { headers: { a: [Buffer.from('1'), Buffer.from('2')], b: Buffer.from('3') } },
    ],
    ['an empty header', { headers: { a: Buffer.alloc(0) } }],
    ['a header without a value', { headers: { a: null } }],
  ])('keeps %s', (_what, overrides) => {
    const given = [message(overrides), message({ offset: 1 })];
    expect(packRecords(given).views().map(seen)).toEqual(given.map(seen));
  });

  it('keeps nothing of what it was made from', () => {
    const fetched = Buffer.from('{"a":1}');
    const [record] = packRecords([message({ value: fetched })]).views();
    fetched.fill(0);
    expect(String(record!.value)).toBe('{"a":1}');
    expect(record!.value!.buffer.byteLength).toBeLessThan(64);
  });

  it('refuses to be read after its memory was given back', () => {
    const pack = packRecords([message()]);
    const [record] = pack.views();
    pack.free();
    expect(() => record!.value).toThrow('detached');
    expect(() => pack.views()).toThrow(TypeError);
  });

  it('says what it holds: its bytes and a fixed part per record', () => {
    const { heldBytes } = packRecords([message(), message({ headers: { ab: Buffer.from('cde') } })]);
    expect(heldBytes).toBe(2 * ('ada{"a":1}'.length + RECORD_OVERHEAD_BYTES) + 'abcde'.length + 4);
  });
});
