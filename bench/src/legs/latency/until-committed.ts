import { setTimeout as wait } from 'node:timers/promises';
import { type GroupProgress } from '../../measure/group-progress.ts';

const LOOK_EVERY_MS = 250;
const PATIENCE_MS = 120_000;

/** Waits until a group has committed so many records, then closes its progress. @throws when it does not in two minutes. */
export async function untilCommitted(progress: GroupProgress, records: number): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  try {
    for (let committed = 0; committed < records; await wait(LOOK_EVERY_MS)) {
      committed = await progress.committed();
      if (performance.now() > deadline) throw new Error(`committed ${committed} of ${records} records`);
    }
  } finally {
    await progress.close();
  }
}
