import { beforeEach, describe, expect, it } from '@jest/globals';
import { type LiveSnapshot } from '../../src/protocol/live-protocol.ts';
import { LiveConnection, type LiveSource } from './live-connection.ts';

type Message = { data?: unknown; lastEventId?: string };

class MemorySource implements LiveSource {
  readyState = 1;
  closed = false;
  private readonly listeners = new Map<string, (message: Message) => void>();

  constructor(readonly url: string) {}

  addEventListener(type: string, listener: (message: Message) => void): void {
    this.listeners.set(type, listener);
  }

  close(): void {
    this.closed = true;
  }

  say(type: string, payload: unknown, lastEventId = ''): void {
    this.listeners.get(type)?.({ data: JSON.stringify(payload), lastEventId });
  }

  fail(readyState: number): void {
    this.readyState = readyState;
    this.listeners.get('error')?.({});
  }
}

const SNAPSHOT: LiveSnapshot = { completeSince: 1, feed: 'live', now: 0, counts: [], events: [] };

let sources: MemorySource[];
let heard: unknown[];
let timers: (() => void)[];
let polled: () => Promise<LiveSnapshot>;
let connection: LiveConnection;

beforeEach(() => {
  sources = [];
  heard = [];
  timers = [];
  polled = () => Promise.resolve(SNAPSHOT);
  const host = {
    open(url: string) {
      const source = new MemorySource(url);
      sources.push(source);
      return source;
    },
    getSnapshot: () => polled(),
    later(run: () => void) {
      timers.push(run);
      return () => timers.splice(timers.indexOf(run), 1);
    },
  };
  connection = new LiveConnection(host, {
    onSnapshot: () => heard.push('snapshot'),
    onFrame: () => heard.push('frame'),
    onStatus: (status) => heard.push(status),
  });
  connection.start();
});

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the connection to the live feed', () => {
  it('tells what comes and whether it is live', () => {
    sources[0]?.say('snapshot', SNAPSHOT);
    sources[0]?.say('frame', {});
    sources[0]?.say('feed', { feed: 'waiting' });
    expect(heard).toEqual(['snapshot', 'live', 'frame', 'waiting']);
  });

  it('leaves reconnecting to the browser as long as the browser tries', () => {
    sources[0]?.fail(0);
    expect([heard, sources.length, timers.length]).toEqual([['connecting'], 1, 0]);
  });

  it('holds no connection while the page is not seen, and comes back with its position', () => {
    sources[0]?.say('frame', {}, 'here:7');
    connection.stop();
    expect(sources[0]?.closed).toBe(true);
    sources[0]?.say('frame', {}, 'here:8');
    connection.start();
    expect([sources[1]?.url, heard]).toEqual(['/v1/live?after=here%3A7', ['frame']]);
  });

  it('polls the state when the browser gives up, and tries a stream again from the beginning', async () => {
    sources[0]?.say('frame', {}, 'here:7');
    sources[0]?.fail(2);
    await turn();
    expect(heard).toEqual(['frame', 'snapshot', 'polling']);
    timers.shift()?.();
    expect(sources[1]?.url).toBe('/v1/live');
  });

  it('says so when there is nothing to reach at all, and goes on trying', async () => {
    polled = () => Promise.reject(new Error('offline'));
    sources[0]?.fail(2);
    await turn();
    expect([heard, timers.length]).toEqual([['offline'], 1]);
  });

  it('stays stopped when it was stopped while it polled', async () => {
    sources[0]?.fail(2);
    connection.stop();
    await turn();
    expect([heard, timers.length]).toEqual([[], 0]);
  });
});
