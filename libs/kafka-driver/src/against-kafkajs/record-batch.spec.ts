import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { builderOf } from '@pipeline/kafka-wire/testing';
import {
  COMPRESSIONS,
  compressionType,
  compressor,
  encodeRecords,
  nextSequence,
  type OutgoingRecord,
  readRecordBatch,
  stampIdentity,
} from '@pipeline/kafka-wire';
import { install } from '../kafkajs/install.ts';

install();
const require = createRequire(import.meta.url);
const Decoder = require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => object;
const decodeBatch = require('kafkajs/src/protocol/recordBatch/v0/decoder') as (decoder: object) => Promise<{
  records: { key: Buffer; value: Buffer; headers: Record<string, Buffer> }[];
  producerId: string;
}>;

const RECORDS: OutgoingRecord[] = [
  { key: 'Ada', value: '{"user_name":"Ada"}', headers: { event_type: 'select-color', traceparent: '00-1' } },
  { key: Buffer.from('Grüße 🎨'), value: Buffer.from('x'), headers: {} },
  { key: null, value: null },
  { key: '', value: 'y'.repeat(20_000), headers: { empty: '', bytes: Buffer.from([0, 255]) } },
];

const build = async (records: readonly OutgoingRecord[], name: (typeof COMPRESSIONS)[number] = 'none') => {
  const builder = builderOf(records);
  const compress = compressor(name);
  const type = compressionType(name);
  return stampIdentity(
    await builder.build(1_700_000_000_000, { type, ...(compress && { compress }) }),
    undefined,
    -1,
  );
};

const decode = async (batch: Buffer) => decodeBatch(new Decoder(batch));
const asBuffer = (part: string | Buffer | null) => (part === null ? null : Buffer.from(part));

describe('RecordBatchBuilder', () => {
  it.each(COMPRESSIONS)('writes with %s what kafkajs reads', async (name) => {
    const { records } = await decode(await build(RECORDS, name));
    expect(records.map(({ key, value }) => [key, value])).toEqual(
      RECORDS.map(({ key, value }) => [asBuffer(key), asBuffer(value)]),
    );
    expect(Object.entries(records[3]!.headers)).toEqual([
      ['empty', Buffer.alloc(0)],
      ['bytes', Buffer.from([0, 255])],
    ]);
  });

  it('writes any number of records of any size', async () => {
    for (let round = 0; round < 30; round++) {
      const own = Array.from({ length: 1 + round * 7 }, () => ({
        key: randomBytes(round),
        value: randomBytes(Math.floor(Math.random() * 300)),
      }));
      const batch = await build(own);
      expect((await decode(batch)).records.map(({ value }) => value)).toEqual(own.map(({ value }) => value));
      expect(readRecordBatch(batch).records).toEqual(own);
    }
  });

  it('never takes more room than announced', async () => {
    for (const record of RECORDS) {
      expect((await build([record])).length - 61).toBeLessThanOrEqual(encodeRecords([record]).sizeBound);
    }
  });

  it('carries the identity and sequence that were stamped last, with a checksum that fits', async () => {
    const batch = await build(RECORDS);
    stampIdentity(batch, { producerId: 77n, epoch: 1 }, 5);
    stampIdentity(batch, { producerId: 78n, epoch: 2 }, 9);
    expect((await decode(batch)).producerId).toBe('78');
    expect(readRecordBatch(batch)).toMatchObject({ producerId: 78n, sequence: 9 });
  });

  it('wraps sequences as the broker does', () => {
    expect(nextSequence(0x7fffffff - 1, 1)).toBe(0x7fffffff);
    expect(nextSequence(0x7fffffff, 1)).toBe(0);
  });
});
