import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { crc32c } from '@pipeline/kafka-wire';

const kafkajsCrc = createRequire(import.meta.url)('kafkajs/src/protocol/recordBatch/crc32C') as (
  bytes: Buffer,
) => number;

describe('crc32c', () => {
  it.each([
    ['', 0],
    ['a', 0xc1d04330],
    ['123456789', 0xe3069283],
  ])('of "%s" is the published value', (text, checksum) => {
    expect(crc32c(Buffer.from(text))).toBe(checksum);
  });

  it('is what kafkajs computes, for every length and any part of a buffer', () => {
    for (let length = 0; length < 300; length++) {
      const bytes = randomBytes(length + 11);
      expect(crc32c(bytes, 7, 7 + length)).toBe(kafkajsCrc(bytes.subarray(7, 7 + length)) >>> 0);
    }
  });
});
