import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { builderOf } from '@pipeline/kafka-wire/testing';
import { produceRequest, readOutcomes } from '@pipeline/kafka-wire';

const require = createRequire(import.meta.url);
const Encoder = require('kafkajs/src/protocol/encoder') as new () => Record<
  string,
  (value: unknown) => unknown
> & {
  buffer: Buffer;
};
const Decoder = require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => {
  readInt16(): number;
  readInt32(): number;
  readString(): string;
  readBytes(): Buffer;
};

async function batch(value: string): Promise<Buffer> {
  return builderOf([{ key: 'k', value }]).build(0, { type: 0 });
}

describe('produceRequest', () => {
  it('writes what the protocol describes: each topic once, with all of its partitions', async () => {
    const batches = [
      { topic: 'a', partition: 2, bytes: await batch('1') },
      { topic: 'b', partition: 0, bytes: await batch('2') },
      { topic: 'a', partition: 0, bytes: await batch('3') },
    ];
    const { body } = produceRequest(batches, -1, 5_000);
    const read = new Decoder(Buffer.concat(body));
    expect([read.readInt16(), read.readInt16(), read.readInt32(), read.readInt32()]).toEqual([
      -1, -1, 5_000, 2,
    ]);
    for (const [topic, partitions] of [
      ['a', [2, 0]],
      ['b', [0]],
    ] as const) {
      expect([read.readString(), read.readInt32()]).toEqual([topic, partitions.length]);
      for (const partition of partitions) {
        expect(read.readInt32()).toBe(partition);
        const sent = batches.find((each) => each.topic === topic && each.partition === partition);
        expect(read.readBytes().equals(sent!.bytes)).toBe(true);
      }
    }
  });

  it('reads the outcome of every partition, and the throttle time', () => {
    const answer = new Encoder();
    answer['writeInt32']!(2);
    for (const [topic, partitions] of [
      [
        'a',
        [
          [0, 0],
          [1, 6],
        ],
      ],
      ['b', [[0, 46]]],
    ] as const) {
      answer['writeString']!(topic);
      answer['writeInt32']!(partitions.length);
      for (const [partition, errorCode] of partitions) {
        answer['writeInt32']!(partition);
        answer['writeInt16']!(errorCode);
        for (const time of ['1', '2', '3']) answer['writeInt64']!(time);
      }
    }
    answer['writeInt32']!(17);
    const { result, throttleMs } = readOutcomes(answer.buffer);
    expect(throttleMs).toBe(17);
    expect(result).toEqual([
      { topic: 'a', partition: 0, errorCode: 0 },
      { topic: 'a', partition: 1, errorCode: 6 },
      { topic: 'b', partition: 0, errorCode: 46 },
    ]);
  });
});
