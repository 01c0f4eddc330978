import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { COMPRESSIONS, compressionType, compressor, registerCodecs } from '../client/codecs.ts';
import { type OutgoingRecord } from '../publish/outgoing-record.ts';
import { builderOf } from '../../spec-support/builder-of.ts';
import { stampIdentity } from '../publish/record-batch-builder.ts';
import { packRecordSet } from './pack-record-set.ts';
import { type KafkaRecord } from './record-batch.ts';

registerCodecs();
const require = createRequire(import.meta.url);
const Decoder = require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => object;
const decodeMessages = require('kafkajs/src/protocol/requests/fetch/v4/decodeMessages') as (
  decoder: object,
) => Promise<KafkaRecord[]>;
const { lookupCodecByAttributes } = require('kafkajs/src/protocol/message/compression') as {
  lookupCodecByAttributes: (attributes: number) => { decompress: (bytes: Buffer) => Promise<Buffer> } | null;
};
const decompress = (attributes: number) => {
  const codec = lookupCodecByAttributes(attributes);
  return codec ? (bytes: Buffer) => codec.decompress(bytes) : undefined;
};

const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;
const AT = { attributes: 21, firstTimestamp: 27, maxTimestamp: 35 } as const;

const RECORDS: readonly OutgoingRecord[] = [
  { key: 'ada', value: '{"a":1}', headers: { event_type: 'select-color', naïve: 'é' } },
  { key: null, value: null },
  { key: '', value: '', headers: { empty: '' } },
  { key: Buffer.from([0, 255]), value: Buffer.alloc(70_000, 'x') },
];

interface BatchOptions {
  readonly firstOffset?: bigint;
  readonly compression?: (typeof COMPRESSIONS)[number];
  readonly attributes?: number;
}

async function batch(records: readonly OutgoingRecord[], options: BatchOptions = {}): Promise<Buffer> {
  const { firstOffset = 0n, compression = 'none', attributes = 0 } = options;
  const compress = compressor(compression);
  const built = await builderOf(records).build(1_764_000_000_000, {
    type: compressionType(compression) | attributes,
    ...(compress && { compress }),
  });
  built.writeBigInt64BE(firstOffset);
  // As the broker does where the topic says so.
  if (attributes & LOG_APPEND_TIME) built.writeBigInt64BE(1_764_000_099_999n, AT.maxTimestamp);
  return stampIdentity(built, undefined, -1);
}

const seen = ({ key, value, headers, offset, timestamp }: KafkaRecord) => ({
  ...{ key, value, headers, offset, timestamp },
});

async function byKafkajs(recordSet: Buffer): Promise<object[]> {
  const length = Buffer.alloc(4);
  length.writeInt32BE(recordSet.length);
  return (await decodeMessages(new Decoder(Buffer.concat([length, recordSet])))).map(seen);
}

async function packed(recordSet: Buffer, fetchOffset = 0n): Promise<object[] | undefined> {
  return (await packRecordSet(recordSet, fetchOffset, decompress))?.views().map(seen);
}

describe('packRecordSet', () => {
  it.each(COMPRESSIONS)('reads what kafkajs reads of batches in %s', async (compression) => {
    const recordSet = Buffer.concat([
      await batch(RECORDS, { compression }),
      await batch(RECORDS, { compression, firstOffset: 2n ** 53n - 9n, attributes: LOG_APPEND_TIME }),
    ]);
    const records = await packed(recordSet);
    expect(records).toHaveLength(8);
    expect(records).toEqual(await byKafkajs(recordSet));
  });

  it('tells the times of records where each has its own', async () => {
    const recordSet = await batch([{ key: null, value: 'a' }]);
    recordSet.writeBigInt64BE(1_700_000_000_000n, AT.firstTimestamp);
    expect(await packed(recordSet)).toMatchObject([{ timestamp: '1700000000000' }]);
  });

  it('leaves out what is before the offset that was asked for', async () => {
    const recordSet = await batch(RECORDS, { firstOffset: 100n });
    const records = await packed(recordSet, 102n);
    expect(records).toEqual((await byKafkajs(recordSet)).slice(2));
  });

  it('ends where the answer was cut, before the first batch that is not whole', async () => {
    const first = await batch(RECORDS);
    const second = await batch(RECORDS, { firstOffset: 4n });
    for (const cut of [1, 60, 61, second.length - 1]) {
      expect(await packed(Buffer.concat([first, second.subarray(0, cut)]))).toHaveLength(4);
    }
  });

  it.each([
    ['of a transaction', TRANSACTIONAL],
    ['with control records', CONTROL],
  ])('leaves batches %s to kafkajs', async (_what, attributes) => {
    const recordSet = Buffer.concat([
      await batch(RECORDS),
      await batch(RECORDS, { firstOffset: 4n, attributes }),
    ]);
    expect(await packed(recordSet)).toBeUndefined();
  });

  it('leaves an answer without a record to kafkajs', async () => {
    expect(await packed(Buffer.alloc(0))).toBeUndefined();
    expect(await packed(await batch(RECORDS), 4n)).toBeUndefined();
  });

  it('keeps nothing of the answer', async () => {
    const recordSet = await batch(RECORDS);
    const pack = await packRecordSet(recordSet, 0n, decompress);
    recordSet.fill(0);
    expect(String(pack!.valueAt(0))).toBe('{"a":1}');
    expect(pack!.bytes.buffer.byteLength).toBeLessThan(recordSet.length);
  });
});
