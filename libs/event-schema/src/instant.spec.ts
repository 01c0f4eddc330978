import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '../testing/seeded-random.fixture.ts';
import { formatInstant, parseInstant } from './instant.ts';

describe('instants', () => {
  it.each([
    ['2026-11-22T10:00:00.123Z', '2026-11-22T10:00:00.123Z'],
    ['2026-11-22T10:00:00Z', '2026-11-22T10:00:00.000Z'],
    ['2026-11-22T10:00:00.1Z', '2026-11-22T10:00:00.100Z'],
    ['2026-11-22T10:00:00.123999999Z', '2026-11-22T10:00:00.123Z'],
    ['2026-11-22T10:00:00+09:00', '2026-11-22T01:00:00.000Z'],
    ['2026-11-22T10:00:00-03:30', '2026-11-22T13:30:00.000Z'],
    ['2024-02-29T23:59:59Z', '2024-02-29T23:59:59.000Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['2016-12-31T23:59:60.500Z', '2017-01-01T00:00:00.500Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('reads %s', (text, expected) => {
    expect(formatInstant(parseInstant(text))).toBe(expected);
  });

  it.each([
    '',
    'NaN',
    'now',
    '2026-11-22',
    '2026-11-22T10:00:00',
    '2026-11-22 10:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '2026-04-31T00:00:00.000Z',
    '2026-11-00T00:00:00Z',
    '2026-11-22T24:00:00Z',
    '2026-11-22T10:60:00Z',
    '2026-11-22T10:00:61Z',
    '2026-11-22T10:00:00+19:00',
    '2026-11-22T10:00:00+01:60',
    '+012026-11-22T10:00:00Z',
    '2026-11-22T10:00:00.Z',
    '2026-11-22T10:00:00.000z',
    ' 2026-11-22T10:00:00.000Z',
    '2026-11-22T10:00:00.000Z\n',
  ])('does not take %j for an instant', (text) => {
    expect(parseInstant(text)).toBeNaN();
  });

  it('agrees with Date on 20,000 random instants', () => {
    const random = new SeededRandom(7);
    const from = Date.UTC(0, 0, 1);
    for (let round = 0; round < 20_000; round += 1) {
      const ms = from + Math.floor(random.next() * (Date.UTC(9999, 0, 1) - from));
      const text = formatInstant(ms);
      expect(text).toBe(new Date(ms).toISOString());
      expect(parseInstant(text)).toBe(ms);
    }
  });
});
