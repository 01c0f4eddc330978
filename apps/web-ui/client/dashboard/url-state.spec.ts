import { describe, expect, it } from '@jest/globals';
import { momentIn, wallClock } from './controls.tsx';
import { csv } from './csv.ts';
import { questionOf, readShown, type Shown, toggled, writeShown } from './url-state.ts';

const everything: Shown = {
  tab: 'pages',
  range: { fromMs: Date.UTC(2026, 10, 1), toMs: Date.UTC(2026, 10, 2) },
  zone: 'Asia/Seoul',
  withBots: true,
  compares: true,
  filters: { page: 'shop.example/a b?&', color: 'blue' },
};

describe('the address of the dashboard', () => {
  it.each([
    [everything],
    [{ ...everything, range: '7d' } as const],
    [readShown('')],
    [{ ...readShown(''), tab: 'pipeline' } as const],
  ])('says all that is shown: %j', (shown) => {
    expect(readShown(writeShown(shown))).toEqual(shown);
  });

  it('says nothing of what everybody sees first', () => {
    expect(writeShown(readShown(''))).toBe('');
  });

  it.each([
    '?tab=nothing&range=1y',
    '?from=yesterday&to=today',
    '?from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z',
    '?zone=Mars/Olympus&colour=blue&color=',
    '?range=constructor',
  ])('is read as far as it makes sense: %s', (search) => {
    expect(readShown(search)).toEqual(readShown(''));
  });

  it('leads to the question that answers it', () => {
    expect(questionOf(everything)).toEqual({
      spanMs: 86_400_000,
      bucketMs: 600_000,
      endMs: Date.UTC(2026, 10, 2),
      withBots: true,
      withBefore: true,
      withVisits: true,
      filters: everything.filters,
    });
  });
});

describe('a filter', () => {
  it('is put on, replaced, and taken off by the same click', () => {
    const on = toggled(everything, 'browser', 'Safari');
    expect(on.filters).toEqual({ ...everything.filters, browser: 'Safari' });
    expect(toggled(on, 'browser', 'Chrome').filters.browser).toBe('Chrome');
    expect(toggled(on, 'browser', 'Safari').filters).toEqual(everything.filters);
  });
});

describe('a moment that is typed', () => {
  it.each(['UTC', 'Asia/Seoul', 'America/New_York', 'Asia/Kolkata'])('is one of the clock in %s', (zone) => {
    // Before and after the clocks of New York are set back.
    for (const ms of [Date.UTC(2026, 10, 1, 3, 30), Date.UTC(2026, 10, 1, 8, 30), Date.UTC(2026, 6, 1)])
      expect(momentIn(wallClock(ms, zone), zone)).toBe(ms);
  });

  it('is none where it is no date', () => {
    expect(momentIn('soon', 'UTC')).toBeUndefined();
  });
});

describe('a file for spreadsheets', () => {
  it('quotes what needs it, and keeps what visitors wrote from being a formula', () => {
    expect(
      csv(
        ['Page', 'Views'],
        [
          ['a,"b"', 3],
          ['=1+1', 2],
          ['-1', -1],
        ],
      ),
    ).toBe('Page,Views\r\n"a,""b""",3\r\n\'=1+1,2\r\n\'-1,-1\r\n');
  });
});
