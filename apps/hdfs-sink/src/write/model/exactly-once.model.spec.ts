import { describe, expect, it } from '@jest/globals';
import { ChainModel } from './chain-model.ts';
import { faultsOf } from './faults-of.ts';

const SCHEDULES = 10_000;

describe('the chain of files under crashes, zombies, lost answers, late renames and offset resets', () => {
  it(`stays gapless, overlap-free and complete in ${SCHEDULES} random schedules`, async () => {
    const broken: string[] = [];
    for (let seed = 1; seed <= SCHEDULES && broken.length < 3; seed += 1) {
      const model = new ChainModel(seed);
      await model.play();
      broken.push(...faultsOf(model).map((fault) => `seed ${seed}: ${fault}`));
    }
    expect(broken).toEqual([]);
  }, 900_000);
});
