import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createLogger } from '@pipeline/observability';
import { Registry } from 'prom-client';
import { click } from '../../testing/clicks.fixture.ts';
import { LiveFeed, type LiveFeedOptions } from './live-feed.ts';
import { type LiveFrame, type LiveSnapshot } from '../protocol/live-protocol.ts';
import { MemoryLiveSubscriber } from '../../testing/live-subscriber.double.ts';
import { liveMetrics, type LiveMetrics, Subscribers } from './subscribers.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const SECOND = NOW / 1_000;
const BLUE = [0, 0, 0, 0, 1, 0, 0, 0];
const VIEW = [0, 0, 0, 0, 0, 0, 0, 1];

let metrics: LiveMetrics;
let feed: LiveFeed;
let reader: MemoryLiveSubscriber;

function feedWith(change: Partial<LiveFeedOptions> = {}): LiveFeed {
  const options = {
    instance: 'here',
    frameIntervalMs: 250,
    heartbeatMs: 15_000,
    ringMaxBytes: 100_000,
    subscriberMaxBytes: 100_000,
  };
  return new LiveFeed({ ...options, ...change }, new Subscribers(2, metrics, createLogger('spec', 'silent')));
}

beforeEach(() => {
  jest.useFakeTimers({ now: NOW });
  metrics = liveMetrics(new Registry());
  feed = feedWith();
  reader = new MemoryLiveSubscriber();
});
afterEach(() => {
  feed.close();
  jest.useRealTimers();
});

interface Message {
  readonly event: string;
  readonly id: string | undefined;
  readonly payload: unknown;
}

function messages(subscriber: MemoryLiveSubscriber): Message[] {
  return subscriber.received
    .join('')
    .split('\n\n')
    .filter((text) => text.includes('data: '))
    .map((text) => ({
      event: /^event: (.*)$/m.exec(text)?.[1] ?? '',
      id: /^id: (.*)$/m.exec(text)?.[1],
      payload: JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? '') as unknown,
    }));
}

const frames = (subscriber: MemoryLiveSubscriber) =>
  messages(subscriber).filter(({ event }) => event === 'frame');
const last = (subscriber: MemoryLiveSubscriber) => messages(subscriber).at(-1)?.payload;

function clickAndWait(): void {
  feed.accept([click()]);
  jest.advanceTimersByTime(250);
}

describe('the live feed', () => {
  it('pushes a lone click at once', () => {
    feed.subscribe(reader);
    const lone = click();
    feed.accept([lone]);
    jest.advanceTimersByTime(1);
    expect(last(reader)).toEqual({ counts: [[SECOND, BLUE]], events: [lone] });
  });

  it('sends at most one frame per interval and counts every click in it', () => {
    feed.subscribe(reader);
    for (let ms = 0; ms < 1_000; ms++) {
      feed.accept([click('red'), click('blue')]);
      jest.advanceTimersByTime(1);
    }
    jest.advanceTimersByTime(250);
    const sent = frames(reader).map(({ payload }) => payload as LiveFrame);
    expect(sent.length).toBeLessThanOrEqual(5);
    const total = sent.flatMap(({ counts }) => counts.map(([, byColor]) => byColor)).flat();
    expect(total.reduce((sum, count) => sum + count, 0)).toBe(2_000);
    expect(Math.max(...sent.map(({ events }) => events.length))).toBe(20);
  });

  it('counts a click in the second in which it occurred, and leaves old ones to the history', () => {
    feed.subscribe(reader);
    const before = (seconds: number): string => new Date(NOW - seconds * 1_000).toISOString();
    feed.accept([click('blue', { occurred_at: before(60) }), click('red', { occurred_at: before(121) })]);
    jest.advanceTimersByTime(1);
    expect((last(reader) as LiveFrame).counts).toEqual([[SECOND - 60, BLUE]]);
    expect((last(reader) as LiveFrame).events).toHaveLength(2);
  });
});

describe('page views', () => {
  it('are counted in the second in which they occurred, and shown to nobody', () => {
    feed.subscribe(reader);
    feed.acceptViews([NOW, NOW - 200_000].map((ms) => ({ occurred_at: new Date(ms).toISOString() })));
    jest.advanceTimersByTime(1);
    expect(last(reader)).toEqual({ counts: [[SECOND, VIEW]], events: [] });
  });
});

describe('a subscriber of the live feed', () => {
  it('begins with a snapshot of what was, and gets the click under way in the next frame only', () => {
    feed.setState('live');
    clickAndWait();
    feed.accept([click()]);
    feed.subscribe(reader);
    jest.advanceTimersByTime(250);
    const [snapshot, frame] = messages(reader);
    expect(snapshot).toMatchObject({
      event: 'snapshot',
      id: 'here:1',
      payload: { completeSince: SECOND, feed: 'live' },
    });
    expect((snapshot?.payload as LiveSnapshot).counts).toEqual([[SECOND, BLUE]]);
    expect(frame).toMatchObject({ event: 'frame', id: 'here:2' });
  });

  it('gets exactly the frames that it missed when it comes back', () => {
    for (let n = 0; n < 4; n++) clickAndWait();
    feed.subscribe(reader, 'here:2');
    expect(messages(reader).map(({ event, id }) => [event, id])).toEqual([
      ['feed', undefined],
      ['frame', 'here:3'],
      ['frame', 'here:4'],
    ]);
  });

  it.each(['before-the-restart:2', 'here:99', 'here:x', '', 'here:'])(
    'gets a snapshot for the position %j, which means nothing here',
    (position) => {
      for (let n = 0; n < 4; n++) clickAndWait();
      feed.subscribe(reader, position);
      expect(messages(reader).map(({ event }) => event)).toEqual(['snapshot']);
    },
  );

  it('gets a snapshot when the frames it missed are gone or too many', () => {
    feed = feedWith({ subscriberMaxBytes: 1_000 });
    for (let n = 0; n < 40; n++) clickAndWait();
    feed.subscribe(reader, 'here:1');
    expect(messages(reader).map(({ event }) => event)).toEqual(['snapshot']);
  });

  it('is dropped when it does not keep up, and the others are not', async () => {
    const slow = new MemoryLiveSubscriber();
    feed.subscribe(slow);
    feed.subscribe(reader);
    slow.slow = true;
    clickAndWait();
    expect([slow.state, reader.state]).toEqual(['dropped', 'open']);
    expect(frames(reader)).toHaveLength(1);
    expect((await metrics.subscribersDropped.get()).values[0]?.value).toBe(1);
    expect((await metrics.subscribers.get()).values[0]?.value).toBe(1);
  });

  it('finds no room when there are as many as allowed, until one leaves', () => {
    feed.subscribe(reader);
    feed.subscribe(new MemoryLiveSubscriber());
    expect(feed.admits('somebody')).toBe(false);
    feed.unsubscribe(reader);
    expect(feed.admits('somebody')).toBe(true);
  });

  it('hears when clicks stop reaching this process, once', () => {
    feed.setState('live');
    feed.subscribe(reader);
    feed.setState('waiting');
    feed.setState('waiting');
    const told = messages(reader).filter(({ event }) => event === 'feed');
    expect(told.map(({ payload }) => payload)).toEqual([{ feed: 'waiting' }]);
  });

  it('gets a comment now and then when nothing happens', () => {
    feed.subscribe(reader);
    jest.advanceTimersByTime(15_000);
    expect(reader.received.at(-1)).toBe(': heartbeat\n\n');
  });

  it('is let go when the feed closes, and nobody new is let in', () => {
    feed.subscribe(reader);
    feed.close();
    expect(reader.state).toBe('ended');
    expect(feed.admits('somebody')).toBe(false);
  });
});

describe('counts', () => {
  it('are complete from the first moment that the feed was there, whatever happens later', () => {
    expect(feed.snapshot().completeSince).toBeNull();
    feed.setState('live');
    jest.advanceTimersByTime(5_000);
    feed.setState('waiting');
    feed.setState('live');
    expect(feed.snapshot()).toMatchObject({ completeSince: SECOND, feed: 'live' });
  });

  it('are forgotten when they are older than the window', () => {
    clickAndWait();
    jest.advanceTimersByTime(121_000);
    expect(feed.snapshot().counts).toEqual([]);
  });
});
