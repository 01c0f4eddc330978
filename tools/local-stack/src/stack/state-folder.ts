import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StackError } from '../stack-error.ts';
import { until } from '../until.ts';
import { acquireLock, liveHolder, type ProcessLock } from './process-lock.ts';

/** Longer than the guard gives to what it kills. */
const FORMER_PARTS_MS = 15_000;

/**
 * A folder with the state of a stack. Kafka cannot change the size of its quorum, so each number of brokers has a
 * state of its own.
 */
export class StateFolder {
  readonly root: string;
  readonly state: string;
  readonly logs: string;

  constructor(root: string, brokerCount: number) {
    this.root = root;
    this.state = join(root, brokerCount === 1 ? 'state' : `state-${brokerCount}-brokers`);
    this.logs = join(root, 'logs');
  }

  /**
   * Only one stack at a time. The parts of one that was killed end within seconds: their end is waited for.
   * @throws StackError `already-running`.
   */
  async lock(): Promise<ProcessLock> {
    await mkdir(this.state, { recursive: true });
    await mkdir(this.logs, { recursive: true });
    const lock = await this.acquire();
    await until(async () => (await this.formerParts()) === 0, { timeoutMs: FORMER_PARTS_MS });
    return lock;
  }

  logFile(part: string): string {
    return join(this.logs, `${part}.log`);
  }

  /** Where a part notes its process. */
  pidFile(part: string): string {
    return join(this.logs, `${part}.pid`);
  }

  private async formerParts(): Promise<number> {
    const names = (await readdir(this.logs)).filter((name) => name.endsWith('.pid'));
    const holders = await Promise.all(names.map((name) => liveHolder(join(this.logs, name))));
    return holders.filter((holder) => holder !== undefined).length;
  }

  private async acquire(): Promise<ProcessLock> {
    return acquireLock(lockPath(this.root), { waitMs: 0 }).catch(async (error: unknown) => {
      throw error instanceof StackError ? await alreadyRunning(this.root) : error;
    });
  }
}

/**
 * Removes all state.
 * @returns a sentence about what was done. @throws StackError `already-running` while a stack uses it.
 */
export async function resetState(root: string): Promise<string> {
  if (!existsSync(root)) return `There is no state: ${root} does not exist.`;
  if (await liveHolder(lockPath(root))) throw await alreadyRunning(root);
  await rm(root, { recursive: true, force: true });
  return `All state is gone: ${root} was removed.`;
}

async function alreadyRunning(root: string): Promise<StackError> {
  const pid = (await liveHolder(lockPath(root)))?.pid;
  return new StackError(
    'already-running',
    `A stack already runs on ${root}${pid === undefined ? '' : ` (process ${pid})`}: stop it with Ctrl-C in its terminal first.`,
  );
}

function lockPath(root: string): string {
  return join(root, 'running.json');
}
