import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { processIdentity } from '../processes/process-facts.ts';
import { StackError } from '../stack-error.ts';
import { until } from '../until.ts';

/** A process, told from a later one with the same id. */
interface Holder {
  readonly pid: number;
  readonly identity: string | undefined;
}

export interface ProcessLock {
  release(): Promise<void>;
}

/** A breaker of a dead holder's lock that is older than this died itself. */
const BREAKER_MS = 10_000;

/**
 * Takes a lock that a file stands for and this process holds until it releases it or ends, however it ends.
 * @param waitMs how long to wait for another holder; 0 refuses at once.
 * @throws StackError `already-running`.
 */
export async function acquireLock(path: string, { waitMs }: { waitMs: number }): Promise<ProcessLock> {
  const taken = await until(() => tryAcquire(path), { timeoutMs: waitMs, intervalMs: 200 });
  if (!taken) {
    const holder = await liveHolder(path);
    throw new StackError('already-running', `Process ${holder?.pid ?? 'unknown'} already holds ${path}.`);
  }
  return { release: () => rm(path, { force: true }) };
}

/** Notes in a file which process something belongs to; `liveHolder` tells whether it still runs. */
export async function writeHolder(path: string, pid: number): Promise<void> {
  await writeFile(path, await holderText(pid));
}

/** The process that holds a lock, or was noted, and still runs. */
export async function liveHolder(path: string): Promise<Holder | undefined> {
  try {
    const holder = JSON.parse(await readFile(path, 'utf8')) as Holder;
    return (await processIdentity(holder.pid)) === holder.identity ? holder : undefined;
  } catch {
    return undefined;
  }
}

async function tryAcquire(path: string): Promise<boolean> {
  if (await create(path)) return true;
  if (await liveHolder(path)) return false;
  if (await justCreated(path)) return false;
  // Only one may remove a dead holder's file, else the second would remove the first one's fresh lock.
  const breaker = `${path}.break`;
  if (!(await create(breaker))) {
    if (!(await isYoung(breaker, BREAKER_MS))) await rm(breaker, { force: true });
    return false;
  }
  try {
    if (await liveHolder(path)) return false;
    await rm(path, { force: true });
    return await create(path);
  } finally {
    await rm(breaker, { force: true });
  }
}

async function create(path: string): Promise<boolean> {
  try {
    await writeFile(path, await holderText(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function holderText(pid: number): Promise<string> {
  const holder: Holder = { pid, identity: await processIdentity(pid) };
  return JSON.stringify(holder);
}

/** Between its creation and its first byte a lock names nobody yet. */
async function justCreated(path: string): Promise<boolean> {
  const { size } = await stat(path).catch(() => ({ size: -1 }));
  return size === 0 && (await isYoung(path, BREAKER_MS));
}

async function isYoung(path: string, ageMs: number): Promise<boolean> {
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: 0 }));
  return Date.now() - mtimeMs < ageMs;
}
