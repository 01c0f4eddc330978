import { parseInstant, validateEvent } from '@pipeline/event-schema';
import { describe, expect, it } from '@jest/globals';
import { stampEvent } from './stamp-event.ts';

const RECEIVED = '2026-11-22T10:00:00.000Z';
const sender = {
  receivedMs: parseInstant(RECEIVED),
  receivedAt: RECEIVED,
  userAgent: 'Test/1',
  traceparent: '',
  botReason: undefined,
  refusesTracking: false,
  network: undefined,
};

const stamped = (fields: Record<string, unknown>) => {
  const validation = validateEvent({
    event_type: 'select-color',
    user_name: 'Ada',
    color_name: 'red',
    ...fields,
  });
  if (!validation.ok) throw new Error(validation.rejections[0].message);
  return stampEvent(validation.event, validation.latestVersion, sender);
};

describe('stampEvent', () => {
  it.each<[string, string | null, string | undefined, string, string | undefined]>([
    [
      'a right time stays as it was sent',
      '2026-11-22T09:59:00.000Z',
      undefined,
      '2026-11-22T09:59:00.000Z',
      undefined,
    ],
    [
      'another form of it is made the stored form',
      '2026-11-22T18:59:00+09:00',
      undefined,
      '2026-11-22T09:59:00.000Z',
      undefined,
    ],
    [
      'a skewed clock is corrected',
      '2026-11-22T10:59:00Z',
      '2026-11-22T11:00:00Z',
      '2026-11-22T09:59:00.000Z',
      '2026-11-22T10:59:00Z',
    ],
    ['the future becomes now', '9999-12-31T23:59:59.999Z', undefined, RECEIVED, '9999-12-31T23:59:59.999Z'],
    [
      'the far past becomes seven days ago',
      '2001-01-01T00:00:00Z',
      undefined,
      '2026-11-15T10:00:00.000Z',
      '2001-01-01T00:00:00Z',
    ],
    [
      'a leap second is the next minute',
      '2026-11-22T09:58:60Z',
      undefined,
      '2026-11-22T09:59:00.000Z',
      undefined,
    ],
    ['no time is the time of receipt', null, '2026-11-22T11:00:00Z', RECEIVED, undefined],
  ])('%s', (_what, occurred_at, sent_at, expected, original) => {
    const event = stamped({ occurred_at, sent_at });
    expect(event.occurred_at).toBe(expected);
    expect(event.occurred_at_original).toBe(original);
    expect(event.received_at).toBe(RECEIVED);
  });

  it('makes an id where the page sent none', () => {
    expect(stamped({}).event_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(stamped({ event_id: '01890a5d-ac96-774b-bcce-b302099a8057' }).event_id).toBe(
      '01890a5d-ac96-774b-bcce-b302099a8057',
    );
  });
});
