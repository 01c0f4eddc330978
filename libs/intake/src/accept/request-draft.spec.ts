import { describe, expect, it } from '@jest/globals';
import { EVENT, originOf } from '../../testing/origin.fixture.ts';
import { IdMemory } from './id-memory.ts';
import { ReceivedEvents } from './read-events.ts';
import { RequestDraft, TopicEncoders } from './request-draft.ts';

const EVENTS = new ReceivedEvents([{ ...EVENT }, { ...EVENT, user_name: 'Bo' }]);

function drafts(): [RequestDraft, RequestDraft] {
  const tools = {
    topics: new Set(['select-color']),
    recentIds: new IdMemory(100),
    encoders: new TopicEncoders(),
  };
  return [new RequestDraft(tools, originOf()), new RequestDraft(tools, originOf())];
}

describe('a draft', () => {
  it('gives its records once it is made', () => {
    const [draft] = drafts();
    draft.add(EVENTS, 0);
    draft.add(EVENTS, 1);
    expect(draft.take(draft.batches[0]!).count).toBe(2);
  });

  it('throws, and mixes nothing, if another has begun before its records were taken', () => {
    const [first, second] = drafts();
    first.add(EVENTS, 0);
    second.add(EVENTS, 1);
    expect(() => first.take(first.batches[0]!)).toThrow('after another had begun');
    expect(() => first.add(EVENTS, 1)).toThrow('after another had begun');
    expect(second.take(second.batches[0]!).count).toBe(1);
  });
});
