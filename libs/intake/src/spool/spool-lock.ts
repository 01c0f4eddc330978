import { readFileSync } from 'node:fs';
import { mkdir, readFile, readlink, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { SpoolError } from './spool-folder.ts';

const LOCK = 'lock';

/**
 * Makes a folder one process's own. A lock that a killed process left behind is recognised and taken over: it names the
 * process and the moment at which that started.
 * @returns how to give it back.
 * @throws SpoolError (as rejection) `spool-in-use`, or `spool-unwritable` when the folder cannot be used at all.
 */
export async function lockSpool(path: string): Promise<() => Promise<void>> {
  const lock = join(path, LOCK);
  try {
    await mkdir(path, { recursive: true });
    if (!(await take(lock))) {
      await removeStale(lock, path);
      if (!(await take(lock))) throw inUse(path, 'another process');
    }
  } catch (error) {
    if (error instanceof SpoolError) throw error;
    throw new SpoolError('spool-unwritable', `The spool folder ${path} cannot be written`, { cause: error });
  }
  return () => rm(lock, { force: true });
}

/** A symbolic link appears with its text or not at all, and its text lies in its name's entry: also on a disk that is full. */
async function take(lock: string): Promise<boolean> {
  try {
    await symlink(holderNow(), lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function removeStale(lock: string, path: string): Promise<void> {
  // A version before left a file.
  const holder = await readlink(lock).catch(() => readFile(lock, 'utf8').catch(() => ''));
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
