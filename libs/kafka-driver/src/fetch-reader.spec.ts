import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { builderOf } from '@pipeline/kafka-wire/testing';
import { compressionType, compressor, stampIdentity } from '@pipeline/kafka-wire';
import { FetchReader, type FetchUse, packOf } from './fetch-reader.ts';
import { type KafkajsRequest } from './kafkajs/kafkajs.ts';
import { AnswerReceiver } from './kafkajs/receive-patch.ts';
import { API } from './requests.ts';

const require = createRequire(import.meta.url);
const Encoder = require('kafkajs/src/protocol/encoder') as new () => FieldEncoder;
const Batch = require('kafkajs/src/consumer/batch') as new (
  topic: string,
  fetchedOffset: string,
  answer: object,
) => KafkajsBatch;

interface FieldEncoder {
  readonly buffer: Buffer;
  writeInt16(value: number): this;
  writeInt32(value: number): this;
  writeInt64(value: number): this;
  writeString(value: string): this;
  writeBuffer(value: Buffer): this;
}
interface KafkajsBatch {
  readonly messages: never;
  isEmpty(): boolean;
  isEmptyDueToFiltering(): boolean;
  firstOffset(): string;
  lastOffset(): string;
}
type Fetched = KafkajsBatch & { readonly errorCode: number };
const TRANSACTIONAL = 0x10;
const LAST_OFFSET_DELTA_AT = 23;

async function recordSet(values: readonly string[], firstOffset: number, attributes = 0): Promise<Buffer> {
  const records = values.map((value) => ({ key: null, value }));
  const batch = await builderOf(records).build(0, { type: attributes });
  batch.writeBigInt64BE(BigInt(firstOffset));
  return stampIdentity(batch, undefined, -1);
}

/** An answer with the same records for each of the first partitions of a topic. */
function answer(topic: string, records: Buffer, partitions = 1, errorCode = 0): Buffer {
  const encoder = new Encoder()
    .writeInt32(0) // throttle time
    .writeInt16(0)
    .writeInt32(0) // session
    .writeInt32(1)
    .writeString(topic)
    .writeInt32(partitions);
  for (let partition = 0; partition < partitions; partition++)
    encoder
      .writeInt32(partition)
      .writeInt16(errorCode)
      .writeInt64(900) // high watermark
      .writeInt64(900)
      .writeInt64(0)
      .writeInt32(0) // aborted transactions
      .writeInt32(-1)
      .writeInt32(records.length)
      .writeBuffer(records);
  return encoder.buffer;
}

/** As a connection has it. */
function received(bytes: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeInt32BE(bytes.length);
  let answer = bytes;
  new AnswerReceiver().take(Buffer.concat([size, bytes]), (taken) => (answer = taken));
  return answer;
}

type Asked = readonly {
  readonly topic: string;
  readonly partitions: readonly { partition: number; fetchOffset: string }[];
}[];

/** What kafkajs gets of an answer that a consumer's reader has decoded. */
async function decoded(reader: FetchReader, bytes: Buffer, topics: Asked): Promise<readonly object[]> {
  const request = {
    request: { apiKey: API.fetch, apiVersion: 11 },
    response: { decode: () => Promise.reject(new Error('not by kafkajs')), parse: () => Promise.resolve({}) },
  };
  const { response } = reader.tap(request, { topics });
  const { responses } = (await response.decode(bytes)) as { responses: { partitions: object[] }[] };
  return responses[0]!.partitions;
}

async function fetched(
  reader: FetchReader,
  records: Buffer,
  fetchOffset: string,
  bytes = received(answer('t', records)),
): Promise<Fetched> {
  const [partition] = await decoded(reader, bytes, [
    { topic: 't', partitions: [{ partition: 0, fetchOffset }] },
  ]);
  const { errorCode } = partition as { errorCode: number };
  return Object.assign(new Batch('t', fetchOffset, partition!), { errorCode });
}

const packs = (use: Partial<FetchUse> = {}) => new FetchReader({ form: 'packs', ...use });

const valuesOf = (batch: KafkajsBatch) =>
  packOf(batch)
    .views()
    .map(({ offset, value }) => `${offset} ${String(value)}`);

describe('a fetch of a partition that may not be read', () => {
  const told: [string, number, boolean][] = [];
  const reader = packs({ onRefusal: (...refusal) => told.push(refusal) });
  const NOT_AUTHORIZED = 29;

  it('has no records and no error, and its consumer is told until it may', async () => {
    const refusal = received(answer('t', Buffer.alloc(0), 1, NOT_AUTHORIZED));
    const batch = await fetched(reader, Buffer.alloc(0), '7', refusal);
    expect([batch.isEmpty(), batch.errorCode]).toEqual([true, 0]);
    expect(told).toEqual([['t', 0, true]]);
    await fetched(reader, await recordSet(['a'], 7), '7');
    await fetched(reader, await recordSet(['b'], 8), '8');
    expect(told).toEqual([
      ['t', 0, true],
      ['t', 0, false],
    ]);
  });
});

describe('a fetch of a consumer that wants packs', () => {
  const reader = packs();

  it('gives the records from the offset on, and kafkajs their first and last offset', async () => {
    const batch = await fetched(reader, await recordSet(['a', 'b', 'c'], 7), '8');
    expect(valuesOf(batch)).toEqual(['8 b', '9 c']);
    expect([batch.firstOffset(), batch.lastOffset(), batch.isEmpty()]).toEqual(['8', '9', false]);
    // Nothing was decoded for kafkajs but these two.
    expect(batch.messages).toMatchObject([{ offset: '8' }, { offset: '9' }]);
  });

  it('gives a single record', async () => {
    const batch = await fetched(reader, await recordSet(['a'], 7), '7');
    expect([valuesOf(batch), batch.firstOffset(), batch.lastOffset()]).toEqual([['7 a'], '7', '7']);
  });

  it('gives records of transactions', async () => {
    const batch = await fetched(reader, await recordSet(['a', 'b'], 7, TRANSACTIONAL), '8');
    expect(valuesOf(batch)).toEqual(['8 b']);
  });

  it('goes past batches that compaction has emptied', async () => {
    const records = await recordSet(['a'], 7);
    records.writeInt32BE(5, LAST_OFFSET_DELTA_AT);
    const batch = await fetched(reader, records, '8');
    expect([batch.isEmptyDueToFiltering(), batch.lastOffset()]).toEqual([true, '12']);
  });

  it('gives the memory of the answer back', async () => {
    const records = await recordSet(['one', 'two'], 10);
    const bytes = received(answer('t', records));
    const batch = await fetched(reader, records, '10', bytes);
    expect(bytes).toHaveLength(0);
    expect(valuesOf(batch)).toEqual(['10 one', '11 two']);
  });

  it('is empty at the end of the log', async () => {
    const batch = await fetched(reader, Buffer.alloc(0), '900');
    expect([batch.isEmpty(), batch.isEmptyDueToFiltering(), batch.lastOffset()]).toEqual([
      true,
      false,
      '899',
    ]);
  });
});

describe('a fetch that names a topic several times, as kafkajs does after it has shuffled what it asks for', () => {
  it('begins each partition where it was asked to', async () => {
    const asking = (topic: string, partition: number, fetchOffset: string) => ({
      ...{ topic, partitions: [{ partition, fetchOffset }] },
    });
    const topics = [asking('t', 1, '8'), asking('others', 0, '0'), asking('t', 0, '9')];
    const records = await recordSet(['a', 'b', 'c'], 7);
    const partitions = await decoded(packs(), received(answer('t', records, 2)), topics);
    const batches = partitions.map((part) => new Batch('t', '0', part));
    expect(batches.map(valuesOf)).toEqual([['9 c'], ['8 b', '9 c']]);
  });
});

describe('a fetch of several partitions whose batches inflate to more than their room', () => {
  it('takes no more of all together than of two, and the others in the next fetch', async () => {
    const records = Array.from({ length: 10 }, () => ({ key: null, value: 'x'.repeat(900_000) }));
    const compression = { type: compressionType('zstd'), compress: compressor('zstd')! };
    const batch = stampIdentity(await builderOf(records).build(0, compression), undefined, -1);
    const asked = [0, 1, 2, 3].map((partition) => ({ partition, fetchOffset: '0' }));
    const reader = packs({ roomOf: () => 8 << 20 });
    const bytes = received(answer('t', batch, 4));
    const partitions = await decoded(reader, bytes, [{ topic: 't', partitions: asked }]);
    const batches = partitions.map((part) => new Batch('t', '0', part));
    expect(batches.map((each) => (each.isEmpty() ? 0 : packOf(each).count))).toEqual([10, 9, 0, 0]);
  });
});

describe('a fetch of a consumer that wants messages', () => {
  const reader = new FetchReader({ form: 'messages' });

  it('has them in the form that kafkajs gives them', async () => {
    const batch = await fetched(reader, await recordSet(['a'], 7), '7');
    const message = { offset: '7', key: null, value: Buffer.from('a'), headers: {}, isControlRecord: false };
    expect(batch.messages).toMatchObject([message]);
    expect(() => packOf(batch)).toThrow(TypeError);
  });

  it('is read by kafkajs where brokers are older', () => {
    const older = { request: { apiKey: API.fetch, apiVersion: 10 } } as KafkajsRequest;
    expect(reader.tap(older, { topics: [] })).toBe(older);
  });
});

describe('a fetch of what is older than record batches', () => {
  const createEncoder = require('kafkajs/src/protocol/messageSet') as (set: object) => { buffer: Buffer };

  it('is read by kafkajs, and comes in packs all the same', async () => {
    const entries = ['a', 'b', 'c'].map((value) => ({ key: 'k', value, timestamp: 5 }));
    const records = createEncoder({ messageVersion: 1, entries }).buffer;
    const batch = await fetched(packs(), records, '0');
    expect(
      packOf(batch)
        .views()
        .map(({ value }) => String(value)),
    ).toEqual(['a', 'b', 'c']);
  });
});
