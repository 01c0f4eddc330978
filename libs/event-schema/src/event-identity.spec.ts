import { describe, expect, it } from '@jest/globals';
import { compareReceipts, filedTime, NO_TIME_SENT, timeOfId } from './event-identity.ts';

const MS = Date.parse('2026-11-22T23:59:59.999Z');
const V7 = '019aae29-89ff-7abc-8def-0123456789ab';
const V4 = '019aae29-89ff-4abc-8def-0123456789ab';

describe('the time of an id', () => {
  it('is that of version 7 and of no other', () => {
    const hex = MS.toString(16).padStart(12, '0');
    expect(timeOfId(`${hex.slice(0, 8)}-${hex.slice(8)}-7abc-8def-0123456789ab`)).toBe(MS);
    for (const id of [V4, 'a-1', '', V7.replace('-8def', '-0def'), V7.toUpperCase(), `${V7}0`]) {
      expect(timeOfId(id)).toBeUndefined();
    }
  });
});

describe('the time by which an event is filed', () => {
  const occurredAt = '2026-11-22T10:00:00.000Z';

  it('is that of its id, whatever else it says', () => {
    const fields = { eventId: V7, occurredAt, occurredAtOriginal: NO_TIME_SENT };
    expect(filedTime(fields)).toBe(timeOfId(V7));
    expect(filedTime({ ...fields, occurredAtOriginal: undefined })).toBe(timeOfId(V7));
  });

  it.each([
    ['the time that was kept', undefined, Date.parse(occurredAt)],
    ['the time that was corrected', '2026-11-23T09:00:00+09:00', Date.parse('2026-11-23T00:00:00Z')],
    ['none where none was sent', NO_TIME_SENT, undefined],
    ['none where it is no time', 'yesterday', undefined],
  ])('is without one %s', (_, occurredAtOriginal, expected) => {
    expect(filedTime({ eventId: V4, occurredAt, occurredAtOriginal })).toBe(expected);
  });
});

describe('the copies of one event', () => {
  it('have one order: time of receipt, partition, offset', () => {
    const copy = (receivedAt: string, partition: number, offset: number) => ({
      receivedAt,
      partition,
      offset,
    });
    const ordered = [
      copy('', 9, 9),
      copy('2026-11-22T10:00:00.000Z', 2, 7),
      copy('2026-11-22T10:00:00.001Z', 0, 9),
      copy('2026-11-22T10:00:00.001Z', 1, 5),
      copy('2026-11-22T10:00:00.001Z', 1, 6),
    ];
    expect(ordered.toReversed().sort(compareReceipts)).toEqual(ordered);
    expect(compareReceipts(ordered[3]!, { ...ordered[3]! })).toBe(0);
  });
});
