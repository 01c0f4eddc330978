import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { hashOfKey, murmur2 } from '@pipeline/kafka-wire';

const kafkajsMurmur2 = createRequire(import.meta.url)(
  'kafkajs/src/producer/partitioners/default/murmur2',
) as (key: Buffer) => number;

describe('murmur2', () => {
  // Source: UtilsTest.testMurmur2 of the Java client.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('of "%s" is what the Java client computes', (key, hash) => {
    expect(murmur2(Buffer.from(key))).toBe(hash);
  });

  it('is what kafkajs computes, for keys of every length', () => {
    for (let round = 0; round < 1_000; round++) {
      const key = randomBytes(round % 70);
      expect(murmur2(key)).toBe(kafkajsMurmur2(key));
    }
  });
});

describe('hashOfKey', () => {
  it('sends each key where kafkajs sends it', () => {
    const choose = kafkajs.Partitioners.DefaultPartitioner();
    for (let round = 0; round < 500; round++) {
      const key = randomBytes(1 + (round % 40));
      const partitions = 1 + (round % 31);
      const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
        partitionId,
        leader: 1,
        partitionErrorCode: 0,
        replicas: [1],
        isr: [1],
      }));
      const expected = choose({ topic: 't', partitionMetadata, message: { key, value: '' } });
      expect(hashOfKey(key) % partitions).toBe(expected);
    }
  });
});
