import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { builderOf, RandomRecords } from '@pipeline/kafka-wire/testing';
import {
  addHeader,
  COMPRESSIONS,
  compressionType,
  compressor,
  type EncodedRecords,
  encodeRecords,
  hashOfKey,
  headerEntries,
  KEYLESS,
  noHeaders,
  type OutgoingRecord,
  RecordBatchBuilder,
  RecordEncoder,
  type RecordHeaders,
  stampIdentity,
} from '@pipeline/kafka-wire';
import { install } from '../kafkajs/install.ts';

install();
const require = createRequire(import.meta.url);
const Decoder = require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => object;
const decodeBatch = require('kafkajs/src/protocol/recordBatch/v0/decoder') as (decoder: object) => Promise<{
  records: { key: Buffer | null; value: Buffer | null; headers: Record<string, Buffer> }[];
}>;

/** What kafkajs reads from a batch. */
async function readByKafkajs(builder: RecordBatchBuilder, name: (typeof COMPRESSIONS)[number] = 'none') {
  const compress = compressor(name);
  const options = { type: compressionType(name), ...(compress && { compress }) };
  const batch = stampIdentity(await builder.build(0, options), undefined, -1);
  const { records } = await decodeBatch(new Decoder(batch));
  return records.map(comparable);
}

/** As text: two texts are compared at once, two buffers byte by byte. */
function comparable({ key, value, headers = {} }: OutgoingRecord): string {
  const hex = (part: string | Buffer | null) => (part === null ? null : Buffer.from(part).toString('base64'));
  return JSON.stringify([
    hex(key),
    hex(value),
    headerEntries(headers).map(([name, text]) => [name, hex(text)]),
  ]);
}

function builderOfEncoded(records: EncodedRecords): RecordBatchBuilder {
  const builder = new RecordBatchBuilder(records.sizeBound);
  for (let index = 0; index < records.count; index++) builder.add(records, index);
  return builder;
}

describe('RecordEncoder', () => {
  it.each(COMPRESSIONS)('writes with %s what kafkajs reads, whatever the records are', async (name) => {
    const random = new RandomRecords(20_261_128);
    for (let round = 0; round < 10; round++) {
      const records = random.list(1 + round * 5);
      expect(await readByKafkajs(builderOf(records), name)).toEqual(records.map(comparable));
    }
  });

  it('gives back what it was given, in whole and in parts', () => {
    const records = new RandomRecords(7).list(300);
    const encoded = encodeRecords(records);
    expect(encoded.decode().map(comparable)).toEqual(records.map(comparable));
    expect(encoded.part(100, 250).part(10, 20).decode().map(comparable)).toEqual(
      records.slice(110, 120).map(comparable),
    );
    expect(records.map((_, index) => encoded.keyHashOf(index))).toEqual(
      records.map(({ key }) => (key === null ? KEYLESS : hashOfKey(Buffer.from(key)))),
    );
  });

  it('writes a JSON object in two pieces, of any length and in any script', async () => {
    const encoder = new RecordEncoder();
    // Lengths around those at which the length of the length changes, in characters and in bytes.
    const texts = [0, 1, 30, 31, 40, 62, 63, 64, 2_700, 2_730, 4_000, 8_150, 8_191, 8_192, 70_000].flatMap(
      (length) => ['x', 'é', '별', '🎨'].map((character) => character.repeat(length)),
    );
    const headers = { event_type: 'x' };
    const sizes = texts.map((text) =>
      encoder.addObject({
        key: text.slice(0, 40),
        json: JSON.stringify({ text }),
        moreFields: `,"more":"${text}"}`,
        headers,
      }),
    );
    const expected = texts.map((text) => JSON.stringify({ text, more: text }));
    const read = await readByKafkajs(builderOfEncoded(encoder.take()));
    expect(read).toEqual(
      expected.map((value, n) => comparable({ key: texts[n]!.slice(0, 40), value, headers })),
    );
    expect(sizes).toEqual(expected.map((text) => Buffer.byteLength(text)));
  });

  it('drops the last record, and what follows is not touched by it', () => {
    const encoder = new RecordEncoder();
    const [plain, other] = [{ a: '1' }, { b: '22' }];
    encoder.add({ key: 'k', value: '1', headers: plain });
    encoder.add({ key: 'k', value: '2', headers: other });
    encoder.dropLast();
    encoder.add({ key: 'k', value: '3', headers: other });
    encoder.add({ key: 'k', value: '4' });
    encoder.dropLast();
    encoder.add({ key: 'k', value: '5', headers: plain });
    const expected = [
      { key: 'k', value: '1', headers: plain },
      { key: 'k', value: '3', headers: other },
      { key: 'k', value: '5', headers: plain },
    ];
    expect(encoder.take().decode().map(comparable)).toEqual(expected.map(comparable));
  });

  it('begins anew after records were taken, and what was taken stays', () => {
    const encoder = new RecordEncoder();
    encoder.add({ key: null, value: 'first' });
    const taken = encoder.take();
    encoder.add({ key: null, value: 'other' });
    encoder.restart();
    encoder.add({ key: null, value: 'third' });
    expect(taken.decode().map(({ value }) => String(value))).toEqual(['first']);
    expect(
      encoder
        .take()
        .decode()
        .map(({ value }) => String(value)),
    ).toEqual(['third']);
  });

  it('writes every header of a record that was read, as often as it is there, with and without a value', async () => {
    const record = (headers: RecordHeaders) => ({ key: null, value: Buffer.alloc(0), headers });
    const headers = noHeaders();
    const values = [
      ['b3', 'a'],
      ['', ''],
      ['__proto__', 'p'],
      ['b3', null],
      ['n', null],
      ['b3', ''],
    ] as const;
    for (const [name, value] of values) {
      addHeader(headers, name, value === null ? null : Buffer.from(value));
    }
    addHeader(headers, 'binary', Buffer.from([0xff, 0x00]));
    const encoded = encodeRecords([record(headers), record({ __proto__: null, b: [] }), record(headers)]);
    const [first, none, again] = encoded.decode().map(({ headers: read }) => headerEntries(read!));
    expect(first).toEqual(headerEntries(headers));
    expect([none, again]).toEqual([[], first]);
    expect(first).toHaveLength(7);
    // kafkajs takes `__proto__` for a prototype.
    delete headers['__proto__'];
    expect(await readByKafkajs(builderOf([record(headers)]))).toEqual([comparable(record(headers))]);
  });

  it('reads a name that a record carries a hundred thousand times in no time', () => {
    const headers = { n: Array.from({ length: 100_000 }, () => null) };
    const [read] = encodeRecords([{ key: null, value: null, headers }]).decode();
    expect(headerEntries(read!.headers!)).toHaveLength(100_000);
  });

  it('knows how many records fit', () => {
    const encoded = encodeRecords(Array.from({ length: 10 }, () => ({ key: null, value: 'x'.repeat(100) })));
    const one = encoded.sizeBoundOf(0);
    expect([0, one - 1, one, 3 * one, 10 * one - 1, 10 * one].map((bytes) => encoded.fitting(bytes))).toEqual(
      [0, 0, 1, 3, 9, 10],
    );
  });
});
