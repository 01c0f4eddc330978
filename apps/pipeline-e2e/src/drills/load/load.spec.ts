import { eventually } from '@pipeline/testing';
import { describe, expect, it } from '@jest/globals';
import { acceptedClick, nextClick } from './click.ts';
import { Load } from './load.ts';
import { type Outlet } from './outlet.ts';
import { SeededRandom } from './seeded-random.ts';

const clicksOf = (seed: number) => {
  const random = new SeededRandom(seed);
  return Array.from({ length: 50 }, () => nextClick(random));
};

describe('the clicks of a seed', () => {
  it('are the same each time, and others for another seed', () => {
    expect(clicksOf(7)).toEqual(clicksOf(7));
    expect(clicksOf(7)).not.toEqual(clicksOf(8));
  });

  it('have ids that are UUIDs, all different', () => {
    const ids = clicksOf(1).map(({ event_id }) => event_id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('take further fields on their way into Kafka', () => {
    expect(acceptedClick(new SeededRandom(1), { padding: 'x' })).toMatchObject({
      padding: 'x',
      occurred_at: expect.stringMatching(/Z$/),
    });
  });
});

describe('a load', () => {
  const outlet = (send: (events: readonly number[]) => Promise<readonly string[]>): Outlet<number> => ({
    send,
    close: () => Promise.resolve(),
  });
  const counting = () => {
    let next = 0;
    return () => next++;
  };

  it('knows what was acknowledged and forgets what was refused', async () => {
    const even = (events: readonly number[]) =>
      Promise.resolve(events.filter((event) => event % 2 === 0).map(String));
    const load = new Load({ outlet: outlet(even), eventsPerSecond: 1_000, nextEvent: counting() });
    await eventually(() => expect(load.sent).toBeGreaterThan(20), { intervalMs: 5 });
    await load.stop();
    expect(load.acknowledged).toHaveLength(Math.ceil(load.sent / 2));
  });

  it('stops sending while nothing answers, and ends when the last call is answered', async () => {
    const open: ((ids: readonly string[]) => void)[] = [];
    const hanging = outlet(() => new Promise((resolve) => open.push(resolve)));
    const load = new Load({ outlet: hanging, eventsPerSecond: 10_000, nextEvent: counting(), perCall: 1 });
    await eventually(() => expect(open).toHaveLength(32), { intervalMs: 5 });
    const stopped = load.stop();
    for (const answer of open) answer(['id']);
    await stopped;
    expect(load.acknowledged).toHaveLength(open.length);
  });
});
