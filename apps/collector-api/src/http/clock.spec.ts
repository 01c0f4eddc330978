import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BrokerClock } from '@pipeline/kafka-transport';
import { CollectorUnderTest, EVENT } from '../../testing/start-collector.fixture.ts';

const DAY_MS = 86_400_000;

let collector: CollectorUnderTest;
beforeAll(async () => {
  collector = await CollectorUnderTest.start();
});
afterAll(() => collector.close());

const appended = (differenceMs: number): void => {
  const now = Date.now();
  collector.app.get(BrokerClock).measure(now, now - differenceMs);
};
const readyz = async (): Promise<string> => (await collector.ask({ method: 'GET', url: '/readyz' })).text;

describe('a collector whose clock is wrong', () => {
  it.each([
    [40 * DAY_MS, '960 h ahead of'],
    [-40 * DAY_MS, '960 h behind'],
  ])(
    'by %d ms is not ready, says why, and takes no event that es-sink would refuse',
    async (error, words) => {
      appended(error);
      expect(await readyz()).toContain(`"clock":"The clock of this machine is ${words} the broker's"`);
      const before = collector.publisher.events().length;
      const pixel = await collector.ask({
        method: 'GET',
        url: `/v1/events/pixel.gif?${new URLSearchParams(EVENT).toString()}`,
      });
      expect(pixel.headers['x-event-status']).toBe('clock-wrong');
      expect(await collector.post(EVENT)).toMatchObject({
        status: 503,
        json: { code: 'clock-wrong' },
        headers: { 'retry-after': expect.any(String) },
      });
      expect(collector.publisher.events()).toHaveLength(before);
    },
  );

  it('takes events again once the clock is right, and where it is a zone away', async () => {
    appended(3_600_000);
    expect((await collector.post(EVENT)).status).toBe(202);
    expect(await readyz()).not.toContain('"clock"');
  });
});
