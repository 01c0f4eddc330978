import { mkdir } from 'node:fs/promises';
import { randomInt } from 'node:crypto';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { acquireLock, type ProcessLock } from '../stack/process-lock.ts';
import { StackError } from '../stack-error.ts';
import { isPortFree } from './port-probe.ts';

/** Below the ports that Linux and macOS give to outgoing connections, so that none of those can take one away. */
const FIRST = 20_000;
const LAST = 29_999;
const TRIES = 200;

/**
 * Free ports that stay ours until `release()`, even while nobody listens on them: a server may be stopped and started
 * again on its port. Every port is reserved by a lock file, so that stacks of several processes never take the same.
 */
export class FreePorts {
  private readonly locks: ProcessLock[] = [];

  async claim(): Promise<number> {
    const folder = join(tmpdir(), `web-event-pipeline-ports-${userInfo().uid}`);
    await mkdir(folder, { recursive: true });
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const port = randomInt(FIRST, LAST + 1);
      const lock = await acquireLock(join(folder, String(port)), { waitMs: 0 }).catch(() => undefined);
      if (lock === undefined) continue;
      if (await isPortFree(port)) {
        this.locks.push(lock);
        return port;
      }
      await lock.release();
    }
    throw new StackError('port-in-use', `No free port was found between ${FIRST} and ${LAST}.`);
  }

  async release(): Promise<void> {
    await Promise.all(this.locks.splice(0).map((lock) => lock.release()));
  }
}
