import { TOPICS } from '@pipeline/event-schema';
import {
  assertExactlyOnce,
  compareIds,
  eventually,
  readHdfsRows,
  searchDocuments,
  type LocalStack,
} from '@pipeline/testing';
import { expect } from '@jest/globals';

const { name: TOPIC } = TOPICS.selectColor;
const PATIENCE = { timeoutMs: 60_000, intervalMs: 500 };

/** Index pattern of the topic's daily indices. */
export const INDICES = `${TOPIC}-*`;

type Row = Readonly<Record<string, unknown>>;

/** Waits until both stores hold each of the ids exactly once, and nothing else. */
export function bothStoresHoldExactly(stack: LocalStack, ids: readonly string[]): Promise<void> {
  return inBothStores(stack, (rows) => assertExactlyOnce(rows, ids));
}

/** Waits until both stores hold all of the ids. Neither may hold any event twice; others than these may be there. */
export function bothStoresHoldAll(stack: LocalStack, ids: readonly string[]): Promise<void> {
  return inBothStores(stack, (rows) => {
    const found = rows.map((row) => String(row['event_id']));
    expect(compareIds(found, ids)).toMatchObject({ missing: [], repeated: [] });
  });
}

async function inBothStores(stack: LocalStack, assertion: (rows: readonly Row[]) => void): Promise<void> {
  await eventually(
    async () => assertion((await searchDocuments(stack, INDICES)).map(({ source }) => source)),
    PATIENCE,
  );
  await eventually(async () => assertion(await readHdfsRows(stack, TOPIC)), PATIENCE);
}
