import { MemoryBatchSender } from '@pipeline/kafka-transport/testing';
import { describe, expect, it } from '@jest/globals';
import { drainOf, openSpool, recordsOf, until } from '../../testing/open-spool.fixture.ts';
import { MemorySpoolFolder } from '../../testing/spool-folder.double.ts';

const KEYS = 4;

/** A generator that repeats itself for the same seed. Source: mulberry32. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Kafka that flaps, loses answers, and is asked by one process after the other. */
class FlappingSender extends MemoryBatchSender {
  constructor(private readonly next: () => number) {
    super();
  }

  isCalm = false;

  override async send(batches: Parameters<MemoryBatchSender['send']>[0]): Promise<void> {
    const chance = this.isCalm ? 1 : this.next();
    if (chance < 0.2) throw Object.assign(new Error('not sent'), { code: 'broker-unavailable' });
    await super.send(batches);
    if (chance < 0.4) throw Object.assign(new Error('answer lost'), { code: 'broker-unavailable' });
  }
}

/** One life of a collector; ends in a crash at a step of its disk, torn somewhere. */
async function live(folder: MemorySpoolFolder, sender: FlappingSender, next: () => number, taken: string[]) {
  const spool = await openSpool(folder, { segmentBytes: 400 });
  const drain = drainOf(spool, sender);
  folder.failAt = folder.steps.length + Math.floor(next() * 40);
  folder.tornBytes = Math.floor(next() * 80);
  drain.start();
  for (let n = 0; n < 25 && folder.steps.length <= folder.failAt; n++) {
    const key = Math.floor(next() * KEYS);
    const value = `${key}:${taken.length}:${Math.floor(next() * 1e9)}`;
    await spool.append(recordsOf([value], `key-${key}`)).then(
      () => taken.push(value),
      () => undefined,
    );
    if (next() < 0.3) await new Promise(setImmediate);
  }
  await drain.stop();
  return folder.afterCrash();
}

describe('a spool whose process is killed again and again while Kafka flaps', () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'has everything it took in Kafka, once, in the order of each key (seed %i)',
    async (seed) => {
      const next = random(seed);
      const sender = new FlappingSender(next);
      const taken: string[] = [];
      let folder = new MemorySpoolFolder();
      for (let life = 0; life < 4; life++) folder = await live(folder, sender, next, taken);
      sender.isCalm = true;
      const spool = await openSpool(folder);
      const drain = drainOf(spool, sender);
      drain.start();
      await until(() => !spool.isOccupied);
      await drain.stop();
      const written = sender.written();
      expect(written.filter((value, at) => written.indexOf(value) !== at)).toEqual([]);
      expect(taken.filter((value) => !written.includes(value))).toEqual([]);
      for (let key = 0; key < KEYS; key++) {
        const own = (values: readonly string[]) =>
          values.filter((value) => value.startsWith(`${key}:`) && taken.includes(value));
        expect(own(written)).toEqual(own(taken));
      }
    },
  );
});
