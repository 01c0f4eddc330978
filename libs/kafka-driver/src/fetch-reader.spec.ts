import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { builderOf } from '@pipeline/kafka-wire/testing';
import { compressionType, compressor, stampIdentity } from '@pipeline/kafka-wire';
import { AnswerReceiver } from './receive-patch.ts';
import { boundFetches, packFetchesOf, packOf } from './fetch-patch.ts';

const require = createRequire(import.meta.url);
const Encoder = require('kafkajs/src/protocol/encoder') as new () => FieldEncoder;
const Batch = require('kafkajs/src/consumer/batch') as new (
  topic: string,
  fetchedOffset: string,
  answer: object,
) => KafkajsBatch;
const { protocol } = require('kafkajs/src/protocol/requests/fetch') as FetchDefinition;

boundFetches();

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
interface FetchDefinition {
  readonly protocol: (choice: { version: number }) => (fields: object) => { response: Response };
}
interface Response {
  decode: (answer: Buffer) => Promise<{ responses: { partitions: object[] }[] }>;
}

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

async function fetched(
  topic: string,
  records: Buffer,
  fetchOffset: string,
  bytes = received(answer(topic, records)),
): Promise<Fetched> {
  const definition = require('kafkajs/src/protocol/requests/fetch') as FetchDefinition;
  const topics = [{ topic, partitions: [{ partition: 0, fetchOffset }] }];
  const { response } = definition.protocol({ version: 11 })({
    topics,
    maxWaitTime: 1,
    minBytes: 1,
    maxBytes: 1,
  });
  const { responses } = await response.decode(bytes);
  const [partition] = responses[0]!.partitions;
  const { errorCode } = partition as { errorCode: number };
  return Object.assign(new Batch(topic, fetchOffset, partition!), { errorCode });
}

const valuesOf = (batch: KafkajsBatch) =>
  packOf(batch)
    .views()
    .map(({ offset, value }) => `${offset} ${String(value)}`);

describe('a fetch of a partition that may not be read', () => {
  const told: [number, boolean][] = [];
  packFetchesOf(
    'refused',
    () => 1 << 20,
    (partition, isRefused) => told.push([partition, isRefused]),
  );
  const NOT_AUTHORIZED = 29;

  it('has no records and no error, and its consumer is told until it may', async () => {
    const batch = await fetched(
      'refused',
      Buffer.alloc(0),
      '7',
      received(answer('refused', Buffer.alloc(0), 1, NOT_AUTHORIZED)),
    );
    expect([batch.isEmpty(), batch.errorCode]).toEqual([true, 0]);
    expect(told).toEqual([[0, true]]);
    await fetched('refused', await recordSet(['a'], 7), '7');
    await fetched('refused', await recordSet(['b'], 8), '8');
    expect(told).toEqual([
      [0, true],
      [0, false],
    ]);
  });
});

describe('a fetch of a topic that is read packed', () => {
  packFetchesOf('packed');

  it('gives the records from the offset on, and kafkajs their first and last offset', async () => {
    const batch = await fetched('packed', await recordSet(['a', 'b', 'c'], 7), '8');
    expect(valuesOf(batch)).toEqual(['8 b', '9 c']);
    expect([batch.firstOffset(), batch.lastOffset(), batch.isEmpty()]).toEqual(['8', '9', false]);
    // Nothing was decoded for kafkajs but these two.
    expect(JSON.stringify(batch.messages)).toBe('[{"offset":"8"},{"offset":"9"}]');
  });

  it('gives a single record', async () => {
    const batch = await fetched('packed', await recordSet(['a'], 7), '7');
    expect([valuesOf(batch), batch.firstOffset(), batch.lastOffset()]).toEqual([['7 a'], '7', '7']);
  });

  it('gives records of transactions', async () => {
    const batch = await fetched('packed', await recordSet(['a', 'b'], 7, TRANSACTIONAL), '8');
    expect(valuesOf(batch)).toEqual(['8 b']);
  });

  it('goes past batches that compaction has emptied', async () => {
    const records = await recordSet(['a'], 7);
    records.writeInt32BE(5, LAST_OFFSET_DELTA_AT);
    const batch = await fetched('packed', records, '8');
    expect([batch.isEmptyDueToFiltering(), batch.lastOffset()]).toEqual([true, '12']);
  });

  it('gives the memory of the answer back', async () => {
    const records = await recordSet(['one', 'two'], 10);
    const bytes = received(answer('packed', records));
    const batch = await fetched('packed', records, '10', bytes);
    expect(bytes).toHaveLength(0);
    expect(valuesOf(batch)).toEqual(['10 one', '11 two']);
  });

  it('is empty at the end of the log', async () => {
    const batch = await fetched('packed', Buffer.alloc(0), '900');
    expect([batch.isEmpty(), batch.isEmptyDueToFiltering(), batch.lastOffset()]).toEqual([
      true,
      false,
      '899',
    ]);
  });
});

describe('a fetch that names a topic several times, as kafkajs does after it has shuffled what it asks for', () => {
  it('begins each partition where it was asked to', async () => {
    const definition = require('kafkajs/src/protocol/requests/fetch') as FetchDefinition;
    const asking = (topic: string, partition: number, fetchOffset: string) => ({
      ...{ topic, partitions: [{ partition, fetchOffset }] },
    });
    const topics = [asking('packed', 1, '8'), asking('others', 0, '0'), asking('packed', 0, '9')];
    const fields = { topics, maxWaitTime: 1, minBytes: 1, maxBytes: 1 };
    const { response } = definition.protocol({ version: 11 })(fields);
    const records = await recordSet(['a', 'b', 'c'], 7);
    const { responses } = await response.decode(received(answer('packed', records, 2)));
    const batches = responses[0]!.partitions.map((part) => new Batch('packed', '0', part));
    expect(batches.map(valuesOf)).toEqual([['9 c'], ['8 b', '9 c']]);
  });
});

describe('a fetch of several partitions whose batches inflate to more than their room', () => {
  packFetchesOf('bombs', () => 8 << 20);

  it('takes no more of all together than of two, and the others in the next fetch', async () => {
    const records = Array.from({ length: 10 }, () => ({ key: null, value: 'x'.repeat(900_000) }));
    const compression = { type: compressionType('zstd'), compress: compressor('zstd')! };
    const batch = stampIdentity(await builderOf(records).build(0, compression), undefined, -1);
    const definition = require('kafkajs/src/protocol/requests/fetch') as FetchDefinition;
    const partitions = [0, 1, 2, 3].map((partition) => ({ partition, fetchOffset: '0' }));
    const fields = { topics: [{ topic: 'bombs', partitions }], maxWaitTime: 1, minBytes: 1, maxBytes: 1 };
    const { response } = definition.protocol({ version: 11 })(fields);
    const { responses } = await response.decode(received(answer('bombs', batch, 4)));
    const counts = responses[0]!.partitions.map((part) => new Batch('bombs', '0', part).messages);
    expect(counts.map(({ length }) => length)).toEqual([10, 9, 0, 0]);
  });
});

describe('a fetch of another topic', () => {
  it('has its messages in the form that kafkajs gives them', async () => {
    const batch = await fetched('others', await recordSet(['a'], 7), '7');
    const message = { offset: '7', key: null, value: Buffer.from('a'), headers: {}, isControlRecord: false };
    expect(batch.messages).toMatchObject([message]);
  });

  it('is read by kafkajs where brokers are older', () => {
    const fields = { topics: [{ topic: 'packed', partitions: [] }] };
    const definition = require('kafkajs/src/protocol/requests/fetch') as FetchDefinition;
    const { decode } = definition.protocol({ version: 10 })(fields).response;
    expect(decode).toBe(protocol({ version: 10 })(fields).response.decode);
  });
});
