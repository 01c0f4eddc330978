import { describe, expect, it } from '@jest/globals';
import { WireReader } from './reader.ts';
import { WireWriter } from './writer.ts';

const NUMBERS = [0, -1, 1, 63, 64, -64, -65, 8_191, 8_192, 1_048_576, 2 ** 30, -(2 ** 30)];

describe('a number of variable length', () => {
  it.each(NUMBERS)('is read back: %i', (number) => {
    const writer = new WireWriter(10);
    writer.varint(number);
    const reader = new WireReader(writer.view());
    expect(reader.varint()).toBe(number);
    expect(reader.at).toBe(writer.length);
    expect(new WireReader(writer.view()).varlong()).toBe(number);
  });

  it('may be longer than 32 bits where it is a long one', () => {
    // 2^40, zigzag 2^41: five bytes of seven bits without a one, then 2^6.
    const bytes = Buffer.from([0x80, 0x80, 0x80, 0x80, 0x80, 0x40]);
    expect(new WireReader(bytes).varlong()).toBe(2 ** 40);
    bytes[0] = 0x81;
    expect(new WireReader(bytes).varlong()).toBe(-(2 ** 40) - 1);
  });
});

describe('a number of 64 bits', () => {
  it.each([0, 1, -1, 2 ** 32, -(2 ** 32) - 1, 1_764_000_000_000, 2 ** 53 - 1])(
    'is read back: %i',
    (number) => {
      const writer = new WireWriter(8);
      writer.int64(number);
      expect(writer.view().readBigInt64BE()).toBe(BigInt(number));
      expect(new WireReader(writer.view()).int64()).toBe(number);
    },
  );
});

describe('fields of a request', () => {
  it('are read back: numbers, strings, lists', () => {
    const writer = new WireWriter(1);
    writer.int16(-2);
    writer.int32(70_000);
    writer.string('étoile');
    writer.int32(2);
    writer.string('a');
    writer.string('');
    const reader = new WireReader(writer.view());
    expect([reader.int16(), reader.int32(), reader.string()]).toEqual([-2, 70_000, 'étoile']);
    expect(reader.list((item) => item.string())).toEqual(['a', '']);
    expect(reader.at).toBe(writer.length);
  });
});
