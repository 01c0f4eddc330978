import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { idOf } from '../../spec-support/start-collector.ts';
import { IdTable } from './id-table.ts';
import { type UuidWords, wordsOf as wordsOfEvent } from './uuid-words.ts';

const wordsOf = (id: string): UuidWords => wordsOfEvent(id, 'select-color');

describe('IdTable', () => {
  it('holds as many ids as it was made for, each with its number, and no other', () => {
    const ids = Array.from({ length: 20_000 }, (_, n) => (n % 2 === 0 ? randomUUID() : idOf(n)));
    const table = new IdTable(ids.length);
    ids.forEach((id, index) => table.set(wordsOf(id), index + 1));
    expect(table.size).toBe(ids.length);
    expect(ids.filter((id, index) => table.get(wordsOf(id)) !== index + 1)).toEqual([]);
    for (let n = 0; n < 20_000; n++) expect(table.get(wordsOf(randomUUID()))).toBe(0);
  });

  it('tells ids apart that differ in a single digit', () => {
    const id = '01890a5d-ac96-774b-bcce-b302099a8057';
    const table = new IdTable(1);
    table.set(wordsOf(id), 7);
    for (let at = 0; at < id.length; at++) {
      if (id[at] === '-') continue;
      const other = id.slice(0, at) + (id[at] === 'f' ? 'e' : 'f') + id.slice(at + 1);
      expect(table.get(wordsOf(other))).toBe(0);
    }
    expect(table.get(wordsOf(id))).toBe(7);
  });

  it('changes the number of an id that it has', () => {
    const table = new IdTable(10);
    table.set(wordsOf(idOf(1)), 3);
    table.set(wordsOf(idOf(1)), 4);
    expect([table.get(wordsOf(idOf(1))), table.size]).toEqual([4, 1]);
  });

  it('is empty after it was cleared', () => {
    const table = new IdTable(10);
    table.set(wordsOf(idOf(1)), 3);
    table.clear();
    expect([table.get(wordsOf(idOf(1))), table.size]).toEqual([0, 0]);
  });

  it('is bounded: what finds no place is not remembered', () => {
    const table = new IdTable(64);
    for (let n = 0; n < 10_000; n++) table.set(wordsOf(idOf(n)), n + 1);
    expect(table.size).toBeLessThanOrEqual(128);
    expect(table.get(wordsOf(idOf(9_999)))).toBe(0);
  });

  it('tells the same id on two topics apart, each with its fingerprint', () => {
    const table = new IdTable(10);
    table.set(wordsOfEvent(idOf(1), 'select-color'), 3, 0xffffffff);
    expect(table.get(wordsOfEvent(idOf(1), 'page-view'))).toBe(0);
    table.set(wordsOfEvent(idOf(1), 'page-view'), 4, 7);
    expect(table.get(wordsOfEvent(idOf(1), 'select-color'))).toBe(3);
    expect(table.fingerprintOf(wordsOfEvent(idOf(1), 'select-color'))).toBe(0xffffffff);
    expect(table.fingerprintOf(wordsOfEvent(idOf(1), 'page-view'))).toBe(7);
    expect(table.fingerprintOf(wordsOfEvent(idOf(2), 'page-view'))).toBe(0);
  });
});
