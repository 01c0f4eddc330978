import { once } from 'node:events';

/** What a loading floor is told, as its argument in JSON. */
export interface LoaderOrder {
  readonly url: string;
  /** Name of the topic, for the lineage of the rows. */
  readonly topic: string;
  /** Folder or index. */
  readonly target: string;
  readonly count: number;
}

/**
 * Runs a floor in its process: builds everything ahead, says `ready`, waits for `go`, loads, and says how many seconds
 * that took.
 */
export async function loader(
  prepare: (order: LoaderOrder) => Promise<() => Promise<void>> | (() => Promise<void>),
): Promise<void> {
  const load = await prepare(JSON.parse(process.argv[2] ?? '{}') as LoaderOrder);
  process.send?.('ready');
  await once(process, 'message');
  const startedMs = performance.now();
  await load();
  process.send?.({ seconds: (performance.now() - startedMs) / 1_000 });
  // Its cost is read before it may end.
  await once(process, 'message');
  process.exit(0);
}
