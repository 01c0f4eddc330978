import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { hashId, IdTable } from './id-table.ts';

describe('the table of ids', () => {
  it('finds the first record of each of many ids, and none of an unknown id', () => {
    const ids = Array.from({ length: 20_000 }, () => randomUUID());
    const table = new IdTable(ids.length * 2);
    for (const base of [0, ids.length]) {
      expect(ids.every((id, record) => table.add(hashId(id), base + record) === record)).toBe(true);
    }
    expect(ids.every((id, record) => table.find(hashId(id)) === record)).toBe(true);
    expect(table.firstOf(ids.length + 7)).toBe(7);
    expect(table.find(hashId('nobody'))).toBe(-1);
  });

  it('is empty for an empty topic', () => {
    expect(new IdTable(0).find(hashId('a'))).toBe(-1);
  });
});
