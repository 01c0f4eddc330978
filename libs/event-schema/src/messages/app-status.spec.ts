import { describe, expect, it } from '@jest/globals';
import { type AppStatus, decodeStatus } from './app-status.ts';

const STATUS: AppStatus = {
  app: 'es-sink',
  instance: 'a1',
  at: '2026-11-22T10:00:00.000Z',
  notReady: ['elasticsearch'],
  totals: { accepted: 0, rejected: 0, written: 7, duplicates: 1, deadLettered: 0 },
};
const decoded = (value: unknown) => decodeStatus(Buffer.from(JSON.stringify(value)));

describe('a status', () => {
  it('is read as it was written', () => {
    expect(decoded(STATUS)).toEqual(STATUS);
  });

  it.each([
    ['no JSON', Buffer.from('{')],
    ['a tombstone', null],
    ['null', Buffer.from('null')],
  ])('is nothing where the record is %s', (_, value) => {
    expect(decodeStatus(value)).toBeUndefined();
  });

  it.each([
    ['an app that nobody knows', { app: 'x' }],
    ['no instance', { instance: '' }],
    ['an instance without end', { instance: 'x'.repeat(101) }],
    ['no totals', { totals: undefined }],
    ['a total that is no number', { totals: { ...STATUS.totals, written: '7' } }],
    ['reasons that are no list', { notReady: 'no' }],
  ])('is nothing where it has %s', (_, change) => {
    expect(decoded({ ...STATUS, ...change })).toBeUndefined();
  });

  it('has what was accepted of each second, and does without where that is no tally of a bounded size', () => {
    const acceptedSeconds = { 'select-color': [[1_795_341_600, 7]] };
    expect(decoded({ ...STATUS, acceptedSeconds })?.acceptedSeconds).toEqual(acceptedSeconds);
    const long = Array.from({ length: 201 }, (_, second) => [second, 1]);
    for (const wrong of ['no', { a: 'no' }, { a: [['x', 1]] }, { a: [[1]] }, { a: long }])
      expect(decoded({ ...STATUS, acceptedSeconds: wrong })).toEqual(STATUS);
  });

  it('keeps a bounded number of reasons', () => {
    expect(decoded({ ...STATUS, notReady: Array(1_000).fill('x') })?.notReady).toHaveLength(20);
  });
});
