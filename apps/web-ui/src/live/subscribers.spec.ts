import { createLogger } from '@pipeline/observability';
import { Registry } from 'prom-client';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryLiveSubscriber } from '../../testing/live-subscriber.double.ts';
import { liveMetrics, type LiveMetrics, Subscribers } from './subscribers.ts';

const PLACES = 6;

let subscribers: Subscribers;
let metrics: LiveMetrics;
beforeEach(() => {
  metrics = liveMetrics(new Registry());
  subscribers = new Subscribers(PLACES, metrics, createLogger('spec', 'silent'));
});

/** Comes as clients come: asks for room, then takes it. */
function come(client: string, times = 1): MemoryLiveSubscriber[] {
  const admitted = Array.from({ length: times }, () => {
    if (!subscribers.makeRoomFor(client)) return undefined;
    const subscriber = new MemoryLiveSubscriber(client);
    subscribers.add(subscriber);
    return subscriber;
  });
  return admitted.filter((subscriber) => subscriber !== undefined);
}

const open = (list: readonly MemoryLiveSubscriber[]): number =>
  list.filter(({ state }) => state === 'open').length;

describe('live places', () => {
  it('may all belong to one client while no other wants one, and no more than there are', () => {
    expect(come('greedy', PLACES + 3)).toHaveLength(PLACES);
    expect(subscribers.size).toBe(PLACES);
  });

  it('go from the client with the most to a client with fewer, its newest first', async () => {
    const greedy = come('greedy', PLACES);
    const [ada] = come('ada');
    expect([ada?.state, greedy.at(-1)?.state, open(greedy)]).toEqual(['open', 'ended', PLACES - 1]);
    expect(subscribers.size).toBe(PLACES);
    expect((await metrics.subscribersDisplaced.get()).values[0]?.value).toBe(1);
  });

  it('stay where they are once they are shared fairly', () => {
    const greedy = come('greedy', PLACES);
    expect(come('ada', 9)).toHaveLength(PLACES / 2);
    expect(open(greedy)).toBe(PLACES / 2);
    expect(come('greedy', 9)).toHaveLength(0);
    expect(come('grace', 9)).toHaveLength(PLACES / 3);
  });
});
