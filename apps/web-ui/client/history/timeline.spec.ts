import { describe, expect, it } from '@jest/globals';
import { NO_SUMMARY } from '../../testing/history.double.ts';
import { customRange, historyQuery, queryBefore, RANGES, summaryUrl } from './range.ts';
import { coarser, type HistoryAnswer, timeline } from './timeline.ts';

const NOW = Date.UTC(2026, 10, 22, 12, 0, 7, 500);
const range = RANGES['5m'];
const red = (count: number) => [count, 0, 0, 0, 0, 0, 0];
const at = (ms: number) => new Date(ms).toISOString();

function historyOf(buckets: Record<number, number>): HistoryAnswer {
  const query = historyQuery(range, NOW);
  const list = Object.entries(buckets).map(([start, count]) => ({
    start: at(Number(start)),
    byColor: { red: count },
  }));
  return { query, reply: { ...NO_SUMMARY, buckets: list } };
}

describe('the question to the history', () => {
  it('ends where stored clicks are settled, and is the same for pages that ask in the same moments', () => {
    expect(historyQuery(range, NOW)).toEqual({
      from: at(NOW - 300_000 - 1_500),
      to: at(NOW - 7_500),
      bucketMs: 2_000,
    });
    expect(historyQuery(range, NOW + 2_000).to).toBe(historyQuery(range, NOW).to);
  });

  it.each(Object.entries(RANGES))('keeps to what may be asked for %s', (_, { spanMs, bucketMs }) => {
    expect(spanMs / bucketMs).toBeGreaterThanOrEqual(100);
    expect(spanMs / bucketMs).toBeLessThanOrEqual(180);
    expect(spanMs).toBeLessThan(31 * 86_400_000);
  });
});

describe('a range between two moments', () => {
  const [from, to] = [NOW - 86_400_000, NOW - 3_600_000];

  it('is asked for as it is, in as few slices as a chart can show', () => {
    const query = historyQuery(customRange(from, to), NOW);
    expect(Date.parse(query.from)).toBeLessThanOrEqual(from);
    expect(Date.parse(query.from)).toBeGreaterThan(from - 2 * query.bucketMs);
    expect([query.to, query.bucketMs]).toEqual([at(to), 600_000]);
  });

  it('does not ask for what is not stored yet, nor for more than may be asked', () => {
    expect(Date.parse(historyQuery(customRange(from, NOW + 86_400_000), NOW).to)).toBeLessThan(NOW);
    expect(customRange(0, NOW).spanMs).toBe(30 * 86_400_000);
  });

  it('has no live counts in it', () => {
    const live = new Map([[Math.floor(NOW / 1_000), red(3)]]);
    expect(timeline(customRange(from, to), { history: undefined, live, nowMs: NOW }).total).toBe(0);
  });
});

describe('the time before', () => {
  it('is as long, and ends where the range begins', () => {
    const query = historyQuery(range, NOW);
    const before = queryBefore(query, range);
    expect(Date.parse(query.from) - Date.parse(before.from)).toBe(range.spanMs);
    expect(Date.parse(before.to) - Date.parse(before.from)).toBe(
      Date.parse(query.to) - Date.parse(query.from),
    );
  });
});

describe('the address of a question', () => {
  it('has filters, bots and visits only where they are asked for', () => {
    const query = historyQuery({ ...range, withBots: true, filters: { page: 'a.example/?' } }, NOW);
    expect(summaryUrl(query)).toMatch(
      /^\/v1\/summary\?from=.*&to=.*&bucket=2000&bots=include&page=a.example%2F%3F$/,
    );
    expect(summaryUrl(historyQuery(range, NOW))).toMatch(/bucket=2000$/);
  });
});

describe('the timeline', () => {
  const end = Date.parse(historyQuery(range, NOW).to);

  it('counts each click once where history and live counts meet', () => {
    const history = historyOf({ [end - 2_000]: 10 });
    const live = new Map([
      [end / 1_000 - 1, red(4)],
      [end / 1_000, red(2)],
      [end / 1_000 + 3, red(1)],
    ]);
    const { total, byColor } = timeline(range, { history, live, nowMs: NOW });
    expect([total, byColor]).toEqual([13, red(13)]);
  });

  it('counts page views apart, each once where history and live counts meet', () => {
    const stored = historyOf({});
    const buckets = [{ start: at(end - 2_000), count: 6 }];
    const history = { ...stored, reply: { ...stored.reply, pageViews: { total: 6, buckets } } };
    const live = new Map([
      [end / 1_000 - 1, [...red(0), 3]],
      [end / 1_000, [...red(1), 2]],
    ]);
    const { total, pageViews, counts } = timeline(range, { history, live, nowMs: NOW });
    expect([total, pageViews]).toEqual([1, 8]);
    expect(counts.every((slice) => slice.length === 7)).toBe(true);
  });

  it('counts bots only where they are asked for', () => {
    const live = new Map([[end / 1_000, [...red(1), 1, ...red(5), 7]]]);
    const of = (withBots: boolean) =>
      timeline({ ...range, withBots }, { history: historyOf({}), live, nowMs: NOW });
    expect([of(false).total, of(false).pageViews]).toEqual([1, 1]);
    expect([of(true).total, of(true).pageViews]).toEqual([6, 8]);
  });

  it('leaves out what is live where it is filtered, since live counts are of everybody', () => {
    const live = new Map([[end / 1_000, red(1)]]);
    const filtered = { ...range, filters: { browser: 'Safari' } };
    expect(timeline(filtered, { history: historyOf({}), live, nowMs: NOW }).total).toBe(0);
  });

  it('has every slice of the range, empty ones too, in order', () => {
    const { starts, counts } = timeline(range, { history: undefined, live: new Map(), nowMs: NOW });
    expect(starts).toHaveLength(151);
    expect(starts.every((start, index) => index === 0 || start - (starts[index - 1] ?? 0) === 2_000)).toBe(
      true,
    );
    expect(starts.at(-1)).toBe(Math.floor(NOW / 2_000) * 2_000);
    expect(counts.flat().every((count) => count === 0)).toBe(true);
  });

  it('leaves out what is before the range or in the future', () => {
    const history = historyOf({ [NOW - 900_000]: 5 });
    const live = new Map([[NOW / 1_000 + 100.5, red(5)]]);
    expect(timeline(range, { history, live, nowMs: NOW }).total).toBe(0);
  });

  it('is live alone while there is no history', () => {
    const live = new Map([[Math.floor(NOW / 1_000) - 60, red(3)]]);
    expect(timeline(range, { history: undefined, live, nowMs: NOW }).total).toBe(3);
  });

  it('becomes coarser without losing what is new', () => {
    const live = new Map([[Math.floor(NOW / 1_000), red(3)]]);
    const coarse = coarser(timeline(range, { history: undefined, live, nowMs: NOW }), 48);
    expect(coarse.starts.length).toBeLessThanOrEqual(48);
    expect(coarse.counts.at(-1)).toEqual(red(3));
  });
});
