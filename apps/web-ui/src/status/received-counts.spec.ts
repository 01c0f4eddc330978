import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ReceivedCounts } from './received-counts.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const TOPIC = 'select-color';

let received: ReceivedCounts;

beforeEach(() => {
  jest.useFakeTimers({ now: NOW });
  received = new ReceivedCounts();
});
afterEach(() => {
  jest.useRealTimers();
});

/** One event a second and partition over the last two minutes. */
function fill(): void {
  for (let second = 120; second > 0; second--)
    for (const partition of [0, 1])
      received.add(TOPIC, partition, { offset: 1_000 - second, receivedMs: NOW - second * 1_000 });
}

describe('the events of one minute', () => {
  it('are those received between 90 and 30 seconds ago', () => {
    received.begin(NOW - 600_000);
    fill();
    const window = received.window(NOW)!;
    expect([window.to - NOW / 1_000, window.from - NOW / 1_000]).toEqual([-30, -90]);
    expect(received.count(window)).toBe(120);
  });

  it('are as many at a store as in Kafka where its sink has committed them all', () => {
    received.begin(NOW - 600_000);
    fill();
    const window = received.window(NOW)!;
    expect(received.committed(window, () => 1_000n)).toBe(120);
    expect(received.committed(window, () => 0n)).toBe(0);
    // Offset 970 was received 30 seconds ago: the first that is not of the window.
    expect(received.committed(window, (_, partition) => (partition === 0 ? 970n : 960n))).toBe(110);
  });

  it('are not known where a commit is not', () => {
    received.begin(NOW - 600_000);
    fill();
    const window = received.window(NOW)!;
    expect(
      received.committed(window, (_, partition) => (partition === 0 ? 970n : undefined)),
    ).toBeUndefined();
  });

  it('are fewer while the process is young, and none before it has seen half a minute', () => {
    expect(received.window(NOW)).toBeUndefined();
    received.begin(NOW);
    received.begin(NOW + 100_000);
    expect(received.window(NOW + 30_000)).toBeUndefined();
    expect(received.window(NOW + 45_000)).toEqual({ from: NOW / 1_000 + 1, to: NOW / 1_000 + 15 });
  });

  it('of a second that a sink is in the middle of are never told as more than are stored', () => {
    received.begin(NOW - 600_000);
    for (const offset of [10, 11, 15, 19]) received.add(TOPIC, 0, { offset, receivedMs: NOW - 60_000 });
    const window = received.window(NOW)!;
    expect(received.committed(window, () => 19n)).toBe(3);
    expect(received.committed(window, () => 20n)).toBe(4);
  });
});
