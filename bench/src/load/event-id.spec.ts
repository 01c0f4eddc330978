import { describe, expect, it } from '@jest/globals';
import { eventId, eventNumber, numberOffsets, writeNumber } from './event-id.ts';

describe('an event id', () => {
  it('is a UUID of version 4 whose end is the number, which is read back from JSON', () => {
    expect(eventId(255)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-0000000000ff$/);
    expect(eventNumber(JSON.stringify({ a: 1, event_id: eventId(2 ** 40 + 1) }))).toBe(2 ** 40 + 1);
    expect(eventNumber('{"event_id":"somebody else’s"}')).toBeNaN();
  });

  it('is replaced in place, each one of a template', () => {
    const template = Buffer.from(JSON.stringify([eventId(0), eventId(0)]));
    const offsets = numberOffsets(template);
    offsets.forEach((offset, n) => writeNumber(template, offset, 0xabc + n));
    expect(JSON.parse(template.toString())).toEqual([eventId(0xabc), eventId(0xabd)]);
  });
});
