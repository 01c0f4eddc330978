import { readFileSync } from 'node:fs';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SpoolError } from './spool-error.ts';

const LOCK = 'lock';

/**
 * Makes a folder one process's own. A lock that a killed process left behind is recognised and taken over: it names the
 * process and the moment at which that started.
 * @returns how to give it back.
 * @throws SpoolError (as rejection) `spool-in-use`, or `spool-unwritable` when the folder cannot be used at all.
 */
export async function lockSpool(path: string): Promise<() => Promise<void>> {
  const lock = join(path, LOCK);
  const draft = `${lock}.${process.pid}`;
  try {
    await mkdir(path, { recursive: true });
    await writeFile(draft, holderNow());
  } catch (error) {
    throw new SpoolError('spool-unwritable', `The spool folder ${path} cannot be written`, { cause: error });
  }
  try {
    if (!(await take(draft, lock))) {
      await removeStale(lock, path);
      if (!(await take(draft, lock))) throw inUse(path, 'another process');
    }
  } finally {
    await rm(draft, { force: true });
  }
  return () => rm(lock, { force: true });
}

/** A link appears with its content or not at all. */
async function take(draft: string, lock: string): Promise<boolean> {
  try {
    await link(draft, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function removeStale(lock: string, path: string): Promise<void> {
  const holder = await readFile(lock, 'utf8').catch(() => '');
  const [pid = '', startedAt = ''] = holder.split(' ');
  if (startedAt !== '' && startOf(Number(pid)) === startedAt) throw inUse(path, `process ${pid}`);
  await rm(lock, { force: true });
}

function inUse(path: string, holder: string): SpoolError {
  return new SpoolError(
    'spool-in-use',
    `The spool folder ${path} belongs to ${holder}; replicas never share one`,
  );
}

function holderNow(): string {
  return `${process.pid} ${startOf(process.pid) ?? 'unknown'}`;
}

const START_FIELD = 19;

/** When a process started, in clock ticks since boot; nothing where there is none, or no /proc. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Fields are counted behind the name, which may hold spaces and brackets.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[START_FIELD];
  } catch {
    return undefined;
  }
}
