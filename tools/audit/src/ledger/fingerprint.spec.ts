import { COLLECTOR_FIELDS } from '@pipeline/event-schema/contract';
import { describe, expect, it } from '@jest/globals';
import { contentFingerprint, OF_THE_COLLECTOR } from './fingerprint.ts';

const content = (fields: object) => contentFingerprint(Buffer.from(JSON.stringify(fields)));
const [ONE, TWO] = ['2026-11-22T09:00:00.000Z', '2026-11-22T09:00:01.000Z'];

describe('the content of an event', () => {
  it('leaves out what the collector says of each try', () => {
    expect([...OF_THE_COLLECTOR].sort()).toEqual([...COLLECTOR_FIELDS, 'occurred_at'].sort());
  });

  it.each([
    ['corrected in one try only', { occurred_at: ONE }, { occurred_at: TWO, occurred_at_original: ONE }],
    [
      'set because there was none',
      { occurred_at: ONE, received_at: ONE },
      { occurred_at: TWO, received_at: TWO },
    ],
    ['spelt otherwise', { occurred_at: ONE }, { occurred_at_original: '2026-11-22T10:00:00+01:00' }],
    ['from another network', { a: 1, client_network: 'x' }, { client_network: 'y', a: 1 }],
  ])('is equal where it was %s', (_, one, other) => {
    expect(content(one)).toBe(content(other));
  });

  it.each([
    ['another value', { a: 1 }, { a: 2 }],
    ['another time as it was sent', { occurred_at: ONE }, { occurred_at: TWO }],
  ])('differs by %s', (_, one, other) => {
    expect(content(one)).not.toBe(content(other));
  });
});
