import { describe, expect, it } from '@jest/globals';
import { click } from '../../testing/clicks.fixture.ts';
import { type LiveSnapshot } from '../../src/protocol/live-protocol.ts';
import { applyFrame, applySnapshot, EMPTY_LIVE_STATE } from './live-state.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const SECOND = NOW / 1_000;
const red = (count: number) => [count, 0, 0, 0, 0, 0, 0];

const snapshot = (change: Partial<LiveSnapshot>): LiveSnapshot => ({
  completeSince: SECOND - 100,
  feed: 'live',
  now: NOW,
  counts: [],
  events: [],
  ...change,
});

describe('what a page knows of the last minutes', () => {
  it('grows by each frame', () => {
    const first = applyFrame(EMPTY_LIVE_STATE, { counts: [[SECOND, red(1)]], events: [] }, NOW);
    const second = applyFrame(first, { counts: [[SECOND, red(2)]], events: [] }, NOW);
    expect([...second.counts]).toEqual([[SECOND, red(3)]]);
  });

  it('is replaced by a snapshot of the same replica, so that nothing counts twice', () => {
    const state = applyFrame(EMPTY_LIVE_STATE, { counts: [[SECOND, red(5)]], events: [] }, NOW);
    const next = applySnapshot(state, snapshot({ counts: [[SECOND, red(7)]] }), NOW);
    expect([...next.counts]).toEqual([[SECOND, red(7)]]);
  });

  it('keeps the seconds before a replica began that knows less of them', () => {
    const counts = [
      [SECOND - 10, red(5)],
      [SECOND, red(5)],
    ] as const;
    const state = applyFrame(EMPTY_LIVE_STATE, { counts, events: [] }, NOW);
    const restarted = snapshot({
      completeSince: SECOND - 2,
      counts: [
        [SECOND - 20, red(1)],
        [SECOND - 10, red(1)],
      ],
    });
    expect(new Map(applySnapshot(state, restarted, NOW).counts)).toEqual(
      new Map([
        [SECOND - 20, red(1)],
        [SECOND - 10, red(5)],
      ]),
    );
  });

  it('forgets what is older than the live window and then some', () => {
    const state = applyFrame(EMPTY_LIVE_STATE, { counts: [[SECOND - 300, red(1)]], events: [] }, NOW);
    expect(applyFrame(state, { counts: [[SECOND, red(1)]], events: [] }, NOW).counts.size).toBe(1);
  });

  it('shows each event once, newest first, and a bounded number of them', () => {
    const at = (ms: number) => click('red', { received_at: new Date(NOW + ms).toISOString() });
    const events = Array.from({ length: 60 }, (_, ms) => at(ms));
    const state = applyFrame(
      applySnapshot(EMPTY_LIVE_STATE, snapshot({ events }), NOW),
      { counts: [], events },
      NOW,
    );
    expect(state.events).toHaveLength(50);
    expect(state.events[0]).toEqual(events.at(-1));
  });

  it('learns how far the clocks are apart', () => {
    expect(applySnapshot(EMPTY_LIVE_STATE, snapshot({}), NOW - 90_000).clockOffsetMs).toBe(90_000);
  });
});
