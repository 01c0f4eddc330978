import { describe, expect, it } from '@jest/globals';
import { newEventId } from './new-event-id.ts';

describe('newEventId', () => {
  it('makes UUIDs of version 7 that hold their time', () => {
    const ms = Date.UTC(2026, 10, 22, 10);
    const id = newEventId(ms);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(ms);
  });

  it('never makes the same one again', () => {
    expect(new Set(Array.from({ length: 10_000 }, () => newEventId(0))).size).toBe(10_000);
  });

  it('makes ids that sort by time', () => {
    const ids = [0, 1, 255, 1_700_000_000_000, 1_800_000_000_000].map(newEventId);
    expect([...ids].sort()).toEqual(ids);
  });
});
