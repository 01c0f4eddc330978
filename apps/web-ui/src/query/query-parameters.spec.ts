import { describe, expect, it } from '@jest/globals';
import { latestQuery, summaryQuery } from './query-parameters.ts';

const from = '2026-11-22T10:00:00.000Z';
const to = '2026-11-22T11:00:00.000Z';

describe('the question for a summary', () => {
  it('takes instants in any zone and a width in milliseconds', () => {
    expect(summaryQuery({ from: '2026-11-22T19:00:00+09:00', to, bucket: '60000' })).toEqual({
      from,
      to,
      bucketMs: 60_000,
    });
  });

  it.each([
    ['whole', { bucket: '60000' }, {}],
    ['a millisecond later', { from: '2026-11-22T10:00:00.001Z', bucket: '60000' }, {}],
    ['as late as its bucket goes', { from: '2026-11-22T10:00:59.999Z', bucket: '60000' }, {}],
    ['to within five seconds', { to: '2026-11-22T11:00:04.999Z', bucket: '60000' }, {}],
    [
      'to within a second of short buckets',
      { from: '2026-11-22T10:59:00.5Z', to: '2026-11-22T11:00:00.9Z', bucket: '1000' },
      { from: '2026-11-22T10:59:00.000Z' },
    ],
    [
      'within one step',
      { from: '2026-11-22T11:00:01Z', to: '2026-11-22T11:00:03Z', bucket: '5000' },
      { from: to, to: '2026-11-22T11:00:05.000Z' },
    ],
  ])('is asked in whole buckets: %s', (_what, parameters, expected) => {
    expect(summaryQuery({ from, to, ...parameters })).toEqual({
      ...{ from, to, bucketMs: Number(parameters.bucket) },
      ...expected,
    });
  });

  it('takes filters, bots and visits, filters in one order', () => {
    const filters = { page: 'shop.example/', browser: 'Safari' };
    const query = summaryQuery({ from, to, bucket: '60000', bots: 'include', visits: 'include', ...filters });
    expect(query).toEqual({ from, to, bucketMs: 60_000, withBots: true, withVisits: true, filters });
    expect(JSON.stringify(query)).toMatch(/"browser":.*"page":/);
  });

  it.each([
    [{ browser: '' }, 'invalid-filter'],
    [{ page: 'x'.repeat(2_049) }, 'invalid-filter'],
    [{ page: ['a', 'b'] }, 'invalid-filter'],
    [{ bots: 'yes' }, 'invalid-filter'],
    [{ visits: 'no' }, 'invalid-filter'],
    [{ brwoser: 'Safari' }, 'unknown-parameter'],
  ])('refuses %j, which would otherwise be left out of the answer', (parameters, code) => {
    expect(summaryQuery({ from, to, bucket: '60000', ...parameters })).toMatchObject({ code });
  });

  it.each([
    [{ to, bucket: '1000' }, 'invalid-range'],
    [{ from, to: from, bucket: '1000' }, 'invalid-range'],
    [{ from: to, to: from, bucket: '1000' }, 'invalid-range'],
    [{ from: 'yesterday', to, bucket: '1000' }, 'invalid-range'],
    [{ from: [from, from], to, bucket: '1000' }, 'invalid-range'],
    [{ from: '2026-10-01T00:00:00Z', to, bucket: '3600000' }, 'invalid-range'],
    [{ from: '9999-12-31T23:59:58-18:00', to: '9999-12-31T23:59:59-18:00', bucket: '1000' }, 'invalid-range'],
    [{ from: '0000-01-01T00:00:00+18:00', to: '0000-01-01T00:00:01+18:00', bucket: '1000' }, 'invalid-range'],
    [{ from, to }, 'invalid-bucket'],
    [{ from, to, bucket: '999' }, 'invalid-bucket'],
    [{ from, to, bucket: '1e6' }, 'invalid-bucket'],
    [{ from, to, bucket: '1000' }, 'invalid-bucket'],
  ])('refuses %j with %s', (parameters, code) => {
    expect(summaryQuery(parameters)).toMatchObject({ code });
  });
});

describe('the question for the latest events', () => {
  it('takes a limit, or none', () => {
    expect(latestQuery({ limit: '100' })).toEqual({ limit: 100 });
    expect(latestQuery({})).toEqual({ limit: 20 });
  });

  it.each(['0', '101', '-1', '1.5', '', 'all'])('refuses %j', (limit) => {
    expect(latestQuery({ limit })).toMatchObject({ code: 'invalid-limit' });
  });
});
