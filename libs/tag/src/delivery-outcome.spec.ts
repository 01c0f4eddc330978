import { describe, expect, it } from '@jest/globals';
import { deliveryOutcome } from './delivery-outcome.ts';

const response = (status: number, body?: unknown, retryAfterMs?: number) => ({ status, body, retryAfterMs });

describe('the answer of the collector', () => {
  it('settles each event by its own result, in the order sent', () => {
    const results = [
      { status: 'accepted' },
      { status: 'duplicate' },
      { status: 'rejected', code: 'color-unknown' },
    ];
    expect(deliveryOutcome(response(202, { durability: 'spool', results }), ['a', 'b', 'c'])).toEqual({
      kind: 'settled',
      results: [
        { id: 'a', status: 'accepted', code: undefined },
        { id: 'b', status: 'duplicate', code: undefined },
        { id: 'c', status: 'rejected', code: 'color-unknown' },
      ],
    });
  });

  it('leaves an event open when its result is missing or unknown', () => {
    const results = [{ status: 'accepted' }, { status: 'retry' }];
    expect(deliveryOutcome(response(202, { results }), ['a', 'b', 'c'])).toMatchObject({
      results: [{ id: 'a' }],
    });
    expect(deliveryOutcome(response(202, { results: [] }), ['a'])).toMatchObject({ kind: 'later' });
  });

  it.each([400, 413, 415, 422])('is final for the batch when it is %d without results', (status) => {
    expect(deliveryOutcome(response(status, { code: 'x' }), ['a']).kind).toBe('unacceptable');
  });

  it.each([200, 202, 204, 301, 401, 403, 404, 408, 429, 500, 502, 503, 504])(
    'is no reason to lose events when it is %d without results',
    (status) => {
      const outcome = { kind: 'later', retryAfterMs: 7 };
      expect(deliveryOutcome(response(status, undefined, 7), ['a'])).toEqual(outcome);
      expect(deliveryOutcome(response(status, null, 7), ['a'])).toEqual(outcome);
      expect(deliveryOutcome(response(status, '<html>', 7), ['a'])).toEqual(outcome);
    },
  );
});
