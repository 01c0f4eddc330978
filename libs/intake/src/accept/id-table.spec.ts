import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { idOf } from '../../testing/origin.fixture.ts';
import { IdTable, type UuidWords, wordsOf as wordsOfEvent } from './id-table.ts';

const wordsOf = (id: string): UuidWords => wordsOfEvent(id, 'select-color');
/** Sets of each table; what is asked of one is asked of the middle one. */
const SETS = 3;
const SET = 1;

describe('IdTable', () => {
  it('holds as many ids as it was made for, each with its number, and no other', () => {
    const ids = Array.from({ length: 20_000 }, (_, n) => (n % 2 === 0 ? randomUUID() : idOf(n)));
    const table = new IdTable(ids.length, SETS);
    ids.forEach((id, index) => table.set(wordsOf(id), SET, index + 1));
    expect(table.size(SET)).toBe(ids.length);
    expect(ids.filter((id, index) => table.get(wordsOf(id), SET) !== index + 1)).toEqual([]);
    for (let n = 0; n < 20_000; n++) expect(table.get(wordsOf(randomUUID()), SET)).toBe(0);
  });

  it('tells ids apart that differ in a single digit', () => {
    const id = '01890a5d-ac96-774b-bcce-b302099a8057';
    const table = new IdTable(1, SETS);
    table.set(wordsOf(id), SET, 7);
    for (let at = 0; at < id.length; at++) {
      if (id[at] === '-') continue;
      const other = id.slice(0, at) + (id[at] === 'f' ? 'e' : 'f') + id.slice(at + 1);
      expect(table.get(wordsOf(other), SET)).toBe(0);
    }
    expect(table.get(wordsOf(id), SET)).toBe(7);
  });

  it('changes the number of an id that it has', () => {
    const table = new IdTable(10, SETS);
    table.set(wordsOf(idOf(1)), SET, 3);
    table.set(wordsOf(idOf(1)), SET, 4);
    expect([table.get(wordsOf(idOf(1)), SET), table.size(SET)]).toEqual([4, 1]);
  });

  it('is empty after it was cleared', () => {
    const table = new IdTable(10, SETS);
    table.set(wordsOf(idOf(1)), SET, 3);
    table.clear(SET);
    expect([table.get(wordsOf(idOf(1)), SET), table.size(SET)]).toEqual([0, 0]);
  });

  it('keeps its sets apart', () => {
    const ids = Array.from({ length: 1_000 }, (_, n) => idOf(n));
    const table = new IdTable(ids.length, SETS);
    ids.forEach((id, n) => table.set(wordsOf(id), n % SETS, n + 1, n));
    for (let set = 0; set < SETS; set += 1) {
      const found = ids.map((id) => table.get(wordsOf(id), set));
      expect(found).toEqual(ids.map((_, n) => (n % SETS === set ? n + 1 : 0)));
    }
    table.clear(SET);
    const left = ids.map((id, n) => table.fingerprintOf(wordsOf(id), n % SETS));
    expect(left).toEqual(ids.map((_, n) => (n % SETS === SET ? 0 : n)));
    expect([0, SET, 2].map((set) => table.size(set))).toEqual([334, 0, 333]);
  });

  it('is bounded: what finds no place is not remembered', () => {
    const table = new IdTable(64, SETS);
    for (let n = 0; n < 10_000; n++) table.set(wordsOf(idOf(n)), SET, n + 1);
    expect(table.size(SET)).toBeLessThanOrEqual(128);
    expect(table.get(wordsOf(idOf(9_999)), SET)).toBe(0);
  });

  it('tells the same id on two topics apart, each with its fingerprint', () => {
    const table = new IdTable(10, SETS);
    table.set(wordsOfEvent(idOf(1), 'select-color'), SET, 3, 0xffffffff);
    expect(table.get(wordsOfEvent(idOf(1), 'page-view'), SET)).toBe(0);
    table.set(wordsOfEvent(idOf(1), 'page-view'), SET, 4, 7);
    expect(table.get(wordsOfEvent(idOf(1), 'select-color'), SET)).toBe(3);
    expect(table.fingerprintOf(wordsOfEvent(idOf(1), 'select-color'), SET)).toBe(0xffffffff);
    expect(table.fingerprintOf(wordsOfEvent(idOf(1), 'page-view'), SET)).toBe(7);
    expect(table.fingerprintOf(wordsOfEvent(idOf(2), 'page-view'), SET)).toBe(0);
  });
});
