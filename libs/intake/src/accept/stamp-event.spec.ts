import { type EventRecord, parseInstant } from '@pipeline/event-schema';
import { validateEvent } from '@pipeline/event-schema/contract';
import { describe, expect, it } from '@jest/globals';
import { originOf } from '../../testing/origin.fixture.ts';
import { EventStamper } from './stamp-event.ts';

const RECEIVED = '2026-11-22T10:00:00.000Z';
const origin = originOf();

const stamped = (fields: Record<string, unknown>, from = origin) => {
  const validation = validateEvent({
    event_type: 'select-color',
    user_name: 'Ada',
    color_name: 'red',
    ...fields,
  });
  if (!validation.ok) throw new Error(validation.rejections[0].message);
  const { moreFields } = new EventStamper(from).stamp(validation.event, validation.latestVersion);
  return JSON.parse(JSON.stringify(validation.event).slice(0, -1) + moreFields) as EventRecord;
};

describe('EventStamper', () => {
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

  it('writes what an origin says of its events, and nothing if that is nothing', () => {
    expect(stamped({}, originOf({ fields: { user_agent: 'x', bot_reason: undefined } }))).toMatchObject({
      user_agent: 'x',
      received_at: RECEIVED,
    });
    expect(Object.keys(stamped({ occurred_at: RECEIVED }, originOf({ fields: {} })))).toEqual([
      ...['event_type', 'user_name', 'color_name', 'event_id', 'schema_version'],
      ...['occurred_at', 'received_at'],
    ]);
  });

  it('keeps nothing of the fields that an origin withholds', () => {
    const event = stamped({ visitor_id: 'v', session_id: 's' }, originOf({ withheld: ['visitor_id'] }));
    expect(event).not.toHaveProperty('visitor_id');
    expect(event.session_id).toBe('s');
  });

  it('puts what the collector knows in the place of what a page said of itself', () => {
    const forged = { user_agent: 'x', received_at: 1, is_bot: null, bot_reason: 'x', client_network: 'x' };
    const event = stamped({ ...forged, occurred_at_original: 'x' });
    expect(event).toMatchObject({ user_agent: 'Test "1"', received_at: RECEIVED, is_bot: false });
    for (const name of ['bot_reason', 'client_network', 'occurred_at_original']) {
      expect(event).not.toHaveProperty(name);
    }
  });

  describe('for any clock of a page', () => {
    const receivedMs = parseInstant(RECEIVED);
    const YEAR_MS = 365 * 24 * 3_600_000;
    const WEEK_MS = 7 * 24 * 3_600_000;
    /** Marsaglia's xorshift: the same numbers at each run. */
    let state = 20_261_122;
    const upTo = (limit: number): number => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return ((state >>> 0) / 2 ** 32) * limit;
    };
    const iso = (ms: number): string => new Date(ms).toISOString();

    it('is off by no more than the time on the network, ten years of skew either way', () => {
      for (let run = 0; run < 1_000; run += 1) {
        const [skewMs, ageMs, networkMs] = [
          Math.round(upTo(20 * YEAR_MS) - 10 * YEAR_MS),
          Math.round(upTo(WEEK_MS - 60_000)),
          Math.round(upTo(60_000)),
        ];
        const happenedMs = receivedMs - networkMs - ageMs;
        const { occurred_at } = stamped({
          occurred_at: iso(happenedMs + skewMs),
          sent_at: iso(receivedMs - networkMs + skewMs),
        });
        expect(parseInstant(occurred_at) - happenedMs).toBe(networkMs);
      }
    });

    it('is within the last seven days, in the stored form, whatever the page says', () => {
      const anyInstant = (): string => {
        const ms = upTo(1) < 0.5 ? receivedMs + upTo(20 * YEAR_MS) - 10 * YEAR_MS : upTo(253_402_300_799_999);
        const text = iso(Math.round(ms));
        return upTo(1) < 0.1 ? text.replace(/:\d\d\.\d{3}Z/, ':60Z') : text;
      };
      const fixed = ['0000-01-01T00:00:00Z', '9999-12-31T23:59:60Z', '9999-12-31T23:59:59.999999999-18:00'];
      for (let run = 0; run < 1_000; run += 1) {
        const occurred_at = fixed[run] ?? anyInstant();
        const event = stamped({ occurred_at, sent_at: upTo(1) < 0.5 ? anyInstant() : undefined });
        const ms = parseInstant(event.occurred_at);
        expect(Number.isInteger(ms) && ms <= receivedMs && ms >= receivedMs - WEEK_MS).toBe(true);
        expect(event.occurred_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        expect(event.occurred_at_original ?? occurred_at).toBe(occurred_at);
      }
    });

    it.each([
      'NaN',
      '',
      'Infinity',
      '1700000000000',
      '2026-02-30T00:00:00Z',
      '10000-01-01T00:00:00Z',
      '2026-01-01',
    ])('never is %j, which is no instant', (occurred_at) => {
      expect(() => stamped({ occurred_at })).toThrow('ISO-8601');
      expect(() => stamped({ sent_at: occurred_at })).toThrow('ISO-8601');
    });
  });
});
