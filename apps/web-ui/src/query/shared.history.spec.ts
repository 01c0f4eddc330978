import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type SummaryReply } from '@pipeline/event-schema';
import { HistoryError } from './history-error.ts';
import { MemoryHistory } from '../../testing/history.double.ts';
import { SharedHistory } from './shared.history.ts';

const question = { from: '2026-11-22T10:00:00.000Z', to: '2026-11-22T11:00:00.000Z', bucketMs: 60_000 };

let inner: MemoryHistory;
let history: SharedHistory;
beforeEach(() => {
  jest.useFakeTimers();
  inner = new MemoryHistory();
  history = new SharedHistory(inner, 1_000);
});
afterEach(() => {
  jest.useRealTimers();
});

describe('shared history', () => {
  it('asks once for any number of equal questions at a time', async () => {
    await Promise.all(Array.from({ length: 200 }, () => history.summary(question)));
    expect(inner.asked).toHaveLength(1);
  });

  it('asks again when the answer is old, and for every other question', async () => {
    await history.summary(question);
    await history.summary({ ...question, bucketMs: 1_000 });
    await history.latest({ limit: 20 });
    jest.advanceTimersByTime(1_000);
    await history.summary(question);
    expect(inner.asked).toHaveLength(4);
  });

  it('shares an answer that takes longer than it is kept', async () => {
    const slow = new Promise<SummaryReply>(() => undefined);
    inner.summary = (query) => (inner.asked.push(query), slow);
    void history.summary(question);
    jest.advanceTimersByTime(5_000);
    void history.summary(question);
    await Promise.resolve();
    expect(inner.asked).toHaveLength(1);
  });

  it('tells a failure to those who waited for it, and to no one who asks later', async () => {
    inner.failure = new HistoryError('history-timeout', 'No answer');
    const waiting = [history.summary(question), history.summary(question)];
    for (const asker of waiting) await expect(asker).rejects.toThrow('No answer');
    expect(inner.asked).toHaveLength(1);
    inner.failure = undefined;
    await expect(history.summary(question)).resolves.toHaveProperty('total');
  });

  it('remembers a bounded number of answers', async () => {
    for (let limit = 1; limit <= 300; limit++) await history.latest({ limit });
    await history.latest({ limit: 300 });
    expect(inner.asked).toHaveLength(300);
    await history.latest({ limit: 1 });
    expect(inner.asked).toHaveLength(301);
  });
});
