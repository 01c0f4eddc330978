import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import {
  COMPRESSIONS,
  compressionType,
  compressor,
  InflationShelves,
  type KafkaRecord,
  LargeRecord,
  type OutgoingRecord,
  packRecordSet,
  stampIdentity,
  type UnpackOptions,
} from '@pipeline/kafka-wire';
import { builderOf } from '@pipeline/kafka-wire/testing';
import { install } from '../kafkajs/install.ts';

install();
const require = createRequire(import.meta.url);
const Decoder = require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => object;
const decodeMessages = require('kafkajs/src/protocol/requests/fetch/v4/decodeMessages') as (
  decoder: object,
) => Promise<(Omit<KafkaRecord, 'offset' | 'timestamp'> & { offset: string; timestamp: string })[]>;

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
  readonly producerId?: bigint;
}

async function batch(records: readonly OutgoingRecord[], options: BatchOptions = {}): Promise<Buffer> {
  const { firstOffset = 0n, compression = 'none', attributes = 0, producerId } = options;
  const compress = compressor(compression);
  const built = await builderOf(records).build(1_764_000_000_000, {
    type: compressionType(compression) | attributes,
    ...(compress && { compress }),
  });
  built.writeBigInt64BE(firstOffset);
  // As the broker does where the topic says so.
  if (attributes & LOG_APPEND_TIME) built.writeBigInt64BE(1_764_000_099_999n, AT.maxTimestamp);
  const identity = producerId === undefined ? undefined : { producerId, epoch: 0 };
  return stampIdentity(built, identity, -1);
}

const seen = ({ key, value, headers, offset, timestamp }: KafkaRecord) => ({
  ...{ key, value, headers, offset, timestamp },
});

async function byKafkajs(recordSet: Buffer): Promise<object[]> {
  const length = Buffer.alloc(4);
  length.writeInt32BE(recordSet.length);
  const messages = await decodeMessages(new Decoder(Buffer.concat([length, recordSet])));
  return messages.map(({ offset, timestamp, ...message }) =>
    seen({ ...message, offset: Number(offset), timestamp: Number(timestamp) }),
  );
}

const ROOM = { fetchOffset: 0, roomBytes: 8 << 20 };

async function packed(
  recordSet: Buffer,
  options: Partial<UnpackOptions> = {},
): Promise<object[] | undefined> {
  return (await packRecordSet(recordSet, { ...ROOM, ...options }))?.pack.views().map(seen);
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
    expect(await packed(recordSet)).toMatchObject([{ timestamp: 1_700_000_000_000 }]);
  });

  it('leaves out what is before the offset that was asked for', async () => {
    const recordSet = await batch(RECORDS, { firstOffset: 100n });
    const records = await packed(recordSet, { fetchOffset: 102 });
    expect(records).toEqual((await byKafkajs(recordSet)).slice(2));
  });

  it('ends where the answer was cut, before the first batch that is not whole', async () => {
    const first = await batch(RECORDS);
    const second = await batch(RECORDS, { firstOffset: 4n });
    for (const cut of [1, 60, 61, second.length - 1]) {
      expect(await packed(Buffer.concat([first, second.subarray(0, cut)]))).toHaveLength(4);
    }
  });

  it('leaves out what a transaction that was aborted has written, up to its marker', async () => {
    const recordSet = Buffer.concat([
      await batch(RECORDS, { attributes: TRANSACTIONAL, producerId: 7n }),
      await batch(RECORDS, { firstOffset: 4n, attributes: TRANSACTIONAL, producerId: 8n }),
      await batch([{ key: 'marker', value: '' }], {
        ...{ firstOffset: 8n, attributes: TRANSACTIONAL | CONTROL, producerId: 7n },
      }),
      await batch(RECORDS, { firstOffset: 9n, attributes: TRANSACTIONAL, producerId: 7n }),
    ]);
    const aborted = [{ producerId: 7, firstOffset: 0 }];
    const offsets = (await packed(recordSet, { aborted }))?.map((record) => (record as KafkaRecord).offset);
    expect(offsets).toEqual([4, 5, 6, 7, 9, 10, 11, 12]);
  });

  it('says how far it came where nothing of it is for a consumer', async () => {
    const marker = await batch(RECORDS, { firstOffset: 4n, attributes: TRANSACTIONAL | CONTROL });
    const unpacked = await packRecordSet(marker, { ...ROOM, fetchOffset: 4 });
    expect([unpacked?.pack.count, unpacked?.nextOffset]).toEqual([0, 8]);
  });

  it('leaves formats of before record batches to kafkajs', async () => {
    const recordSet = await batch(RECORDS);
    recordSet[16] = 1;
    expect(await packed(recordSet)).toBeUndefined();
  });

  it('keeps nothing of the answer', async () => {
    const recordSet = await batch(RECORDS);
    const unpacked = await packRecordSet(recordSet, ROOM);
    recordSet.fill(0);
    expect(String(unpacked!.pack.valueAt(0))).toBe('{"a":1}');
    expect(unpacked!.pack.bytes.buffer.byteLength).toBeLessThan(recordSet.length);
  });
});

describe('a batch that inflates to more than there is room for', () => {
  const COMPRESSED = COMPRESSIONS.filter((name) => name !== 'none');
  const bomb = (compression: (typeof COMPRESSIONS)[number]) =>
    batch(
      Array.from({ length: 50 }, (_none, n) => ({
        ...{ key: `k${n}`, value: `${n} ${'a'.repeat(30_000)}`, headers: { n: String(n) } },
      })),
      { compression, firstOffset: 1_000n },
    );
  const shelves = new InflationShelves();

  it.each(COMPRESSED)('is read in parts, each record once: %s', async (compression) => {
    const recordSet = await bomb(compression);
    const seenOffsets: number[] = [];
    let largest = 0;
    for (let fetchOffset = 1_000; fetchOffset < 1_050;) {
      const shelf = shelves.of(`bomb ${compression}`);
      const unpacked = await packRecordSet(recordSet, { fetchOffset, roomBytes: 100_000, shelf });
      largest = Math.max(largest, unpacked!.pack.bytes.length);
      for (const { offset, value, headers } of unpacked!.pack.views()) {
        expect([String(headers?.['n']), value?.length]).toEqual([
          String(offset - 1_000),
          String(offset - 1_000).length + 30_001,
        ]);
        seenOffsets.push(offset);
      }
      fetchOffset = unpacked!.nextOffset;
    }
    expect(seenOffsets).toEqual(Array.from({ length: 50 }, (_none, n) => 1_000 + n));
    expect(largest).toBeLessThan(100_000 + 30_100);
  });

  it('is read from any of its records, also when the part before was given up', async () => {
    const recordSet = await bomb('zstd');
    const shelf = shelves.of('given up');
    const from = async (fetchOffset: number) =>
      (await packRecordSet(recordSet, { fetchOffset, roomBytes: 100_000, shelf }))?.pack.offsetAt(0);
    expect([await from(1_000), await from(1_040), await from(1_010)]).toEqual([1_000, 1_040, 1_010]);
  });

  it('leaves its room to no other: what follows it waits for the next fetch', async () => {
    const recordSet = Buffer.concat([
      await batch(RECORDS, { compression: 'zstd' }),
      await batch(RECORDS, { compression: 'zstd', firstOffset: 4n }),
    ]);
    expect(await packed(recordSet, { roomBytes: 1_000 })).toHaveLength(4);
    expect(await packed(recordSet, { roomBytes: 0 })).toHaveLength(0);
  });
});

describe('a record that inflates to more than a consumer may hold', () => {
  const LARGE = (4 << 20) + 100_000;
  const around = (large: OutgoingRecord) => [RECORDS[0]!, large, RECORDS[3]!];

  it.each(COMPRESSIONS.filter((name) => name !== 'none' && name !== 'snappy'))(
    'is cut and says so, and its neighbours are whole: %s',
    async (compression) => {
      const large = { key: 'ada', value: Buffer.alloc(LARGE, '{"pad":"aaaa'), headers: { event_type: 'x' } };
      const recordSet = await batch(around(large), { compression });
      const unpacked = await packRecordSet(recordSet, ROOM);
      const [before, cut, after] = unpacked!.pack.views();
      expect([String(before?.value), after?.value?.length]).toEqual(['{"a":1}', 70_000]);
      expect([before?.cutFromBytes, after?.cutFromBytes]).toEqual([undefined, undefined]);
      expect(cut).toMatchObject({ offset: 1, headers: { event_type: Buffer.from('x') } });
      expect([String(cut?.key), cut?.value?.toString('utf8', 0, 12)]).toEqual(['ada', '{"pad":"aaaa']);
      expect(cut?.value?.length).toBeLessThanOrEqual(64 << 10);
      expect(cut?.cutFromBytes).toBeGreaterThan(LARGE);
    },
  );

  it('is cut where its headers are large, and comes without them', async () => {
    const large = { key: 'k', value: 'v', headers: { h: 'h'.repeat(LARGE) } };
    const unpacked = await packRecordSet(await batch(around(large), { compression: 'gzip' }), ROOM);
    const [, cut, after] = unpacked!.pack.views();
    expect([String(cut?.key), String(cut?.value), cut?.headers, after?.offset]).toEqual(['k', 'v', {}, 2]);
    expect(cut?.cutFromBytes).toBeGreaterThan(LARGE);
  });

  it('is cut where its key is large', () => {
    const record = Buffer.alloc(LARGE, 'k');
    // No attributes, no time, the eleventh of its batch, and the length of its key.
    record.set([0, 0, 20, 0x80, 0x80, 0x80, 0x04], 0);
    const large = new LargeRecord(record.length);
    for (let at = 0; !large.isComplete;) at += large.take(record.subarray(at, at + 10_000));
    const { key, value, headers, offsetDelta } = large.cut();
    expect([offsetDelta, value.length, [...headers]]).toEqual([10, 0, [0]]);
    expect(key?.length).toBeLessThanOrEqual(64 << 10);
  });
});
