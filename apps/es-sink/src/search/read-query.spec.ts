import { describe, expect, it } from '@jest/globals';
import { InvalidQueryError, readLatestQuery, readSummaryQuery } from './read-query.ts';

const SUMMARY = { from: '2026-11-22T00:00:00.000Z', to: '2026-11-22T01:00:00.000Z', bucketMs: 60_000 };

describe('a summary question', () => {
  it('is taken as it was asked, without what it does not need', () => {
    const plain = { withBots: false, withVisits: false, filters: {} };
    expect(readSummaryQuery({ ...SUMMARY, index: '*' })).toEqual({ ...SUMMARY, ...plain });
    const narrow = { withBots: true, withVisits: true, filters: { page: 'shop.example/', color: 'blue' } };
    expect(readSummaryQuery({ ...SUMMARY, ...narrow })).toEqual({ ...SUMMARY, ...narrow });
  });

  it('may span as many buckets as allowed', () => {
    expect(
      readSummaryQuery({ from: '2026-11-22T00:00:00Z', to: '2026-11-22T00:25:00Z', bucketMs: 1_000 }),
    ).toBeDefined();
  });

  it.each([
    ['nothing', undefined],
    ['a text', 'all'],
    ['no from', { ...SUMMARY, from: undefined }],
    ['a from without a zone', { ...SUMMARY, from: '2026-11-22T00:00:00' }],
    ['date math', { ...SUMMARY, from: 'now-1d' }],
    ['an empty range', { ...SUMMARY, to: SUMMARY.from }],
    ['a reversed range', { ...SUMMARY, from: SUMMARY.to, to: SUMMARY.from }],
    ['a filter of something else', { ...SUMMARY, filters: { user_name: 'Ada' } }],
    ['a filter for nothing', { ...SUMMARY, filters: { page: '' } }],
    ['a filter that is no text', { ...SUMMARY, filters: { page: { wildcard: '*' } } }],
    ['filters that are none', { ...SUMMARY, filters: 'page' }],
    ['buckets below a second', { ...SUMMARY, bucketMs: 999 }],
    ['a width that is a text', { ...SUMMARY, bucketMs: '60000' }],
    ['a width that is no whole number', { ...SUMMARY, bucketMs: 1_000.5 }],
    [
      'one bucket too many',
      { from: '2026-11-22T00:00:00Z', to: '2026-11-22T00:25:00.001Z', bucketMs: 1_000 },
    ],
  ])('is refused with %s', (_, payload) => {
    expect(() => readSummaryQuery(payload)).toThrow(InvalidQueryError);
  });
});

describe('a question for the latest events', () => {
  it.each([1, 100])('may ask for %i', (limit) => {
    expect(readLatestQuery({ limit })).toEqual({ limit });
  });

  it.each([0, 101, -1, 1.5, '10', null, undefined])('may not ask for %p', (limit) => {
    expect(() => readLatestQuery({ limit })).toThrow(InvalidQueryError);
  });
});
