import { type KafkaRecord } from '@pipeline/kafka-transport';
import { describe, expect, it } from '@jest/globals';
import { byPartition, firstDifference } from './same-records.ts';

const record = (value: string | null, extra: Partial<KafkaRecord> = {}): KafkaRecord => ({
  key: Buffer.from('key'),
  value: value === null ? null : Buffer.from(value),
  headers: { trace: Buffer.from('1') },
  offset: 0,
  timestamp: 1000,
  ...extra,
});
const partitions = (...records: KafkaRecord[]) => byPartition([{ partition: 2, records }]);

describe('the first difference between two topics', () => {
  it('is none where only offsets differ, however the records were read', () => {
    const theirs = byPartition([
      { partition: 2, records: [record('a', { offset: 7 })] },
      { partition: 2, records: [record('b', { offset: 9 })] },
    ]);
    expect(firstDifference(partitions(record('a'), record('b')), theirs)).toBeUndefined();
  });

  it.each([
    ['a value', record('B')],
    ['a value that is not there', record(null)],
    ['a key', record('b', { key: null })],
    ['a byte that is no text', record('b', { key: Buffer.from([0xff]) })],
    ['a header', record('b', { headers: { trace: Buffer.from('2') } })],
    ['one header more', record('b', { headers: { trace: Buffer.from('1'), sampled: Buffer.alloc(0) } })],
    ['a time', record('b', { timestamp: 1001 })],
  ])('is %s', (_what, changed) => {
    const difference = firstDifference(
      partitions(record('a'), record('b')),
      partitions(record('a'), changed),
    );
    expect(difference).toMatch(/^partition 2, record 1 of 2 and 2 records/);
  });

  it.each([
    ['one that is missing', [record('a')]],
    ['one that is there twice', [record('a'), record('b'), record('b')]],
    ['two that changed places', [record('b'), record('a')]],
  ])('is %s', (_what, theirs) => {
    expect(firstDifference(partitions(record('a'), record('b')), partitions(...theirs))).toMatch(
      /^partition 2/,
    );
  });

  it('is a partition that only one has', () => {
    expect(firstDifference(new Map(), partitions(record('a')))).toMatch(/^partition 2, record 0 of 0 and 1/);
  });
});
