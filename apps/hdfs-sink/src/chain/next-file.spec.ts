import { describe, expect, it } from '@jest/globals';
import { nextFile } from './next-file.ts';
import { HALF_PAST_NINE, recordAt, recordsBetween } from '../../testing/records.fixture.ts';

const HOUR_MS = 3_600_000;
const HOUR = HALF_PAST_NINE / HOUR_MS - 0.5;

describe('nextFile', () => {
  it('takes the whole range when all of it lies in one hour', () => {
    const records = recordsBetween(5, 8);
    expect(nextFile({ records, from: 0, startOffset: 5n, nextOffset: 8n })).toEqual({
      startOffset: 5n,
      endOffset: 7n,
      hour: HOUR,
      maxTimestampMs: HALF_PAST_NINE,
      records,
    });
  });

  it('ends before the first record of another hour, the gap between them included', () => {
    const records = [recordAt(5), recordAt(6), recordAt(9, { timestampMs: HALF_PAST_NINE + HOUR_MS })];
    const first = nextFile({ records, from: 0, startOffset: 5n, nextOffset: 20n });
    expect(first).toMatchObject({ startOffset: 5n, endOffset: 8n, hour: HOUR, records: records.slice(0, 2) });
    const second = nextFile({ records, from: 2, startOffset: 9n, nextOffset: 20n });
    expect(second).toMatchObject({
      startOffset: 9n,
      endOffset: 19n,
      hour: HOUR + 1,
      records: records.slice(2),
    });
  });

  it('begins at the end of the chain even when its first record comes later', () => {
    expect(nextFile({ records: [recordAt(9)], from: 0, startOffset: 5n, nextOffset: 10n })).toMatchObject({
      startOffset: 5n,
      endOffset: 9n,
    });
  });

  it('knows the latest append time, also when time ran back a little', () => {
    const records = [3, 9, 4].map((ms, index) => recordAt(index, { timestampMs: HALF_PAST_NINE + ms }));
    expect(nextFile({ records, from: 0, startOffset: 0n, nextOffset: 3n }).maxTimestampMs).toBe(
      HALF_PAST_NINE + 9,
    );
  });

  it('cuts when time runs back over the hour', () => {
    const onTheHour = HOUR * HOUR_MS + HOUR_MS;
    const records = [0, -1].map((ms, index) => recordAt(index, { timestampMs: onTheHour + ms }));
    expect(nextFile({ records, from: 0, startOffset: 0n, nextOffset: 2n }).records).toHaveLength(1);
  });
});
