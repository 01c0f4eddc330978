import { beforeEach, describe, expect, it } from '@jest/globals';
import { storedEvent } from '../../testing/clicks.fixture.ts';
import { HistoryError } from '../query/history-error.ts';
import { MemoryHistory } from '../../testing/history.double.ts';
import { SearchableProbe } from './searchable-probe.ts';

let history: MemoryHistory;
let nowMs: number;
let probe: SearchableProbe;
const FOUND = { found: { index: 'select-color-2026.11.22', event: storedEvent() } };
const received = () => storedEvent({ received_at: new Date(nowMs).toISOString() });

beforeEach(() => {
  nowMs = Date.UTC(2026, 10, 22, 12);
  history = new MemoryHistory();
  probe = new SearchableProbe(history, {
    now: () => nowMs,
    pause: (ms) => ((nowMs += ms), Promise.resolve()),
  });
});

describe('the time until an event is found by a search', () => {
  it('is measured by asking until it is', async () => {
    let questions = 0;
    history.documentReply = () => (++questions > 7 ? FOUND : {});
    await probe.follow([received()]);
    expect(probe.summary()).toEqual({ p50Ms: 700, p99Ms: 700, samples: 1 });
  });

  it('follows one event at a time, however many come', async () => {
    history.documentReply = () => FOUND;
    await Promise.all(Array.from({ length: 50 }, () => probe.follow([received(), received()])));
    expect(history.asked).toHaveLength(1);
  });

  it('gives up after a while, and when nobody can answer', async () => {
    await probe.follow([received()]);
    history.failure = new HistoryError('history-timeout', 'No answer');
    await probe.follow([received()]);
    expect(probe.summary()).toBeNull();
    history.failure = undefined;
    history.documentReply = () => FOUND;
    await probe.follow([received()]);
    expect(probe.summary()?.samples).toBe(1);
  });

  it('is told of the latest two hundred', async () => {
    for (let n = 0; n < 300; n++) {
      let questions = 0;
      history.documentReply = () => (++questions > (n < 100 ? 50 : 1) ? FOUND : {});
      await probe.follow([received()]);
    }
    expect(probe.summary()).toEqual({ p50Ms: 100, p99Ms: 100, samples: 200 });
  });
});
