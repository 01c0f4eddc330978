import { type TagStorage } from './tag-host.ts';

const NAME = 'pipeline.drain';
const LEASE_MS = 15_000;

/**
 * Runs `work` while no other tab does: a Web Lock, or where there is none (plain HTTP) a lease in storage. Two tabs
 * that take the lease in the same moment send some events twice, under the same ids.
 */
export async function exclusively<T>(storage: TagStorage, work: () => Promise<T>): Promise<T> {
  const locks = (navigator as { locks?: LockManager }).locks;
  if (locks) return locks.request(NAME, work);
  while (Number(storage.get(NAME)) > Date.now()) {
    await new Promise((resolve) => setTimeout(resolve, 100 + 200 * Math.random()));
  }
  storage.set(NAME, String(Date.now() + LEASE_MS));
  return work().finally(() => storage.remove(NAME));
}
