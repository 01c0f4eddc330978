import { describe, expect, it } from '@jest/globals';
import { BatchWriter } from '../publish/batch-writer.ts';
import { readVarint, readVarlong } from './cursor.ts';

const NUMBERS = [0, -1, 1, 63, 64, -64, -65, 8_191, 8_192, 1_048_576, 2 ** 30, -(2 ** 30)];

describe('a number of variable length', () => {
  it.each(NUMBERS)('is read back: %i', (number) => {
    const writer = new BatchWriter(10);
    writer.varint(number);
    const cursor = { bytes: writer.view(), at: 0 };
    expect(readVarint(cursor)).toBe(number);
    expect(cursor.at).toBe(writer.length);
    expect(readVarlong({ bytes: writer.view(), at: 0 })).toBe(number);
  });

  it('may be longer than 32 bits where it is a long one', () => {
    // 2^40, zigzag 2^41: five bytes of seven bits without a one, then 2^6.
    const bytes = Buffer.from([0x80, 0x80, 0x80, 0x80, 0x80, 0x40]);
    expect(readVarlong({ bytes, at: 0 })).toBe(2 ** 40);
    bytes[0] = 0x81;
    expect(readVarlong({ bytes, at: 0 })).toBe(-(2 ** 40) - 1);
  });
});
