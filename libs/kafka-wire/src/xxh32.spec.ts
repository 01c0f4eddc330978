import { describe, expect, it } from '@jest/globals';
import { xxh32 } from './xxh32.ts';

const hashOf = (text: string, seed = 0, before = 0): number => {
  const bytes = Buffer.concat([Buffer.alloc(before, 'x'), Buffer.from(text)]);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return xxh32(view, before, bytes.length, seed);
};

describe('xxh32', () => {
  // Source: the tests of python-xxhash and of lz4.
  it.each([
    ['', 0, 0x02cc5d05],
    ['', 0x9e3779b1, 0x36b78ae7],
    ['a', 0, 0x550d7456],
    ['abc', 0, 0x32d153ff],
    ['Nobody inspects the spammish repetition', 0, 0xe2293b2f],
  ])('of "%s" with seed %i is what xxHash computes', (text, seed, hash) => {
    expect(hashOf(text, seed)).toBe(hash);
  });

  it('is the same wherever the bytes lie, and another for each length, byte and seed', () => {
    const text = 'x'.repeat(100);
    const hashes = new Set<number>();
    for (let length = 0; length <= text.length; length += 1) {
      const part = text.slice(0, length);
      expect(hashOf(part, 7, 5)).toBe(hashOf(part, 7));
      hashes.add(hashOf(part, 7));
    }
    for (let at = 0; at < text.length; at += 1)
      hashes.add(hashOf(`${text.slice(0, at)}y${text.slice(at + 1)}`, 7));
    hashes.add(hashOf(text, 8));
    expect(hashes.size).toBe(202);
  });
});
