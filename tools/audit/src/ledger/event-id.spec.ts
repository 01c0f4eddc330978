import { describe, expect, it } from '@jest/globals';
import { eventIdOf } from './event-id.ts';

describe('the id of an event', () => {
  it.each([
    '{"event_id":"a-1","b":2}',
    '{"b":2,"event_id":"a-1"}',
    '{ "event_id" : "a-1" }',
    '{"event_id":"\\u0061-1"}',
    '{"event_id":"old","event_id":"a-1"}',
    '{"event_id":"old","event_id" : "a-1"}',
    '{"b":{"event_id":"inner"},"event_id":"a-1"}',
    '{"event_id":"a-1","b":{"event_id":"inner"}}',
    '{"b":"\\"event_id\\":\\"x\\"","event_id":"a-1"}',
  ])('is what parsing gives: %s', (line) => {
    expect(eventIdOf(Buffer.from(line))).toBe('a-1');
  });

  it.each(['{"a":1}', '{"event_id":7}', '{"event_id":null}', '{"b":{"event_id":"inner"}}', '{}'])(
    'is absent in %s',
    (line) => {
      expect(eventIdOf(Buffer.from(line))).toBeUndefined();
    },
  );
});
