import { describe, expect, it } from '@jest/globals';
import { EventText, type WrittenEvent } from './read-events.ts';

const TIMES = { occurred_at: '2026-11-22T10:00:00.000Z', sent_at: '2026-11-22T10:00:01.000Z' };

/** As the collector writes an event of which this is the text. */
function writtenOf(text: string): WrittenEvent {
  const { occurred_at, sent_at, ...event } = JSON.parse(text) as Record<string, string>;
  return {
    json: JSON.stringify(event),
    eventId: event['event_id']!,
    occurredAt: occurred_at,
    sentAt: sent_at,
  };
}

const text = (n: number, more: string): string => `{"event_id":"id-${n}","event_type":"select-color"${more}}`;
const holdsAll = (...events: string[]): boolean[] => {
  const request = new EventText(`[${events.join(',')}]`);
  return events.map((event) => request.holds(writtenOf(event)));
};
const AT = `,"occurred_at":"${TIMES.occurred_at}"`;
const SENT = `,"sent_at":"${TIMES.sent_at}"`;

describe('the text of a request', () => {
  it.each([
    ['without times', [text(1, ',"n":1.5'), text(2, ',"n":[1,2]'), text(3, ',"o":{"n":-7}')]],
    ['with times in front and at the end', [1, 2, 3].map((n) => text(n, `${AT},"n":${n}.5${SENT}`))],
    ['with times at the end', [1, 2, 3].map((n) => text(n, `,"n":${n}${AT}${SENT}`))],
    [
      'with times in many places',
      [text(1, `${AT},"n":1`), text(2, `,"n":1${AT}`), text(3, ',"n":1'), text(4, `${AT},"n":1`)],
    ],
  ])('holds events that are written as they were sent, %s', (_, events) => {
    expect(holdsAll(...events)).toEqual(events.map(() => true));
    expect(new EventText(events[0]!).holds(writtenOf(events[0]!))).toBe(true);
  });

  it('holds those behind events that it was not asked for', () => {
    const events = [1, 2, 3, 4].map((n) => text(n, `${AT},"n":${n}${SENT}`));
    const request = new EventText(`[${events.join(',')}]`);
    expect([1, 3].map((n) => request.holds(writtenOf(events[n]!)))).toEqual([true, true]);
  });

  it.each([
    '1.0',
    '10.00',
    '1e2',
    '-0',
    '1524831183200260097',
    '0.1000000000000000055',
    `1.${'0'.repeat(41)}`,
  ])('does not hold an event with %s, wherever its times are', (number) => {
    for (const more of [`,"n":${number}`, `,"n":${number},"m":2`, `,"m":2,"n":[${number}]`]) {
      for (const [before, behind] of [
        ['', ''],
        [AT, ''],
        ['', AT],
        [AT, SENT],
        ['', AT + SENT],
      ] as const) {
        const event = text(2, before + more + behind);
        expect(holdsAll(text(1, `${before},"n":1${behind}`), event, text(3, '')).slice(0, 2)).toEqual([
          true,
          false,
        ]);
      }
    }
  });

  it('does not hold an event with a field that comes again', () => {
    expect(holdsAll('{"event_id":"a","n":1,"n":1.0}')).toEqual([false]);
    expect(holdsAll(`{"event_id":"a","n":1,"n":1.0${SENT}}`)).toEqual([false]);
  });

  it('takes no digits for the gap of a time', () => {
    const digits = '0'.repeat(AT.length - 1);
    const [first, second] = [text(1, `,"n":1${AT},"m":2`), text(2, `,"n":1.${digits},"m":2${AT}`)];
    expect(holdsAll(first, second)).toEqual([true, false]);
  });

  it.each([' "n":1', '"n":1 ', '"\\u006e":1', '"s":"\\u0041","n":1', '"n":2.0,"n":1'])(
    'does not hold %s, which is written in another way',
    (more) => {
      expect(holdsAll(text(1, `,${more}`))).toEqual([false]);
    },
  );
});
