import { describe, expect, it } from '@jest/globals';
import { ChainModel, type ModelOptions } from '../../testing/model/chain-model.fixture.ts';
import { faultsOf } from '../../testing/model/faults-of.fixture.ts';

const SCHEDULES = 10_000;
const SCHEDULES_WITH_COMPACTION = 3_000;

async function play(schedules: number, options: ModelOptions) {
  const broken: string[] = [];
  let joined = 0;
  for (let seed = 1; seed <= schedules && broken.length < 3; seed += 1) {
    const model = new ChainModel(seed, options);
    await model.play();
    joined += model.joined;
    broken.push(...faultsOf(model).map((fault) => `seed ${seed}: ${fault}`));
  }
  return { broken, joined };
}

describe('the chain of files under crashes, zombies, lost answers, late renames and offset resets', () => {
  it(`stays gapless, overlap-free and complete in ${SCHEDULES} random schedules`, async () => {
    expect(await play(SCHEDULES, {})).toEqual({ broken: [], joined: 0 });
  }, 900_000);

  it(`and in ${SCHEDULES_WITH_COMPACTION} in which files are joined meanwhile`, async () => {
    const { broken, joined } = await play(SCHEDULES_WITH_COMPACTION, { compacts: true });
    expect(broken).toEqual([]);
    expect(joined).toBeGreaterThan(SCHEDULES_WITH_COMPACTION);
  }, 900_000);
});
