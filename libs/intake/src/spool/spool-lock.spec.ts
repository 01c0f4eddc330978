import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lockSpool } from './spool-lock.ts';

describe('the lock of a spool folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spool-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('lets one process in', async () => {
    const unlock = await lockSpool(join(folder, 'deep', 'spool'));
    await expect(lockSpool(join(folder, 'deep', 'spool'))).rejects.toMatchObject({ code: 'spool-in-use' });
    await unlock();
    await (
      await lockSpool(join(folder, 'deep', 'spool'))
    )();
  });

  it('is taken over from a process that was killed', async () => {
    const process = spawn('sleep', ['60']);
    const stat = await readFile(`/proc/${process.pid}/stat`, 'utf8');
    const startedAt = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    await symlink(`${process.pid} ${startedAt}`, join(folder, 'lock'));
    await expect(lockSpool(folder)).rejects.toMatchObject({ code: 'spool-in-use' });
    process.kill('SIGKILL');
    await once(process, 'exit');
    await (
      await lockSpool(folder)
    )();
  });

  it('is taken over when another program has got the number of the killed process', async () => {
    await writeFile(join(folder, 'lock'), `${process.pid} 1`);
    await (
      await lockSpool(folder)
    )();
  });

  it('says so when the folder cannot be made', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(lockSpool(join(folder, 'file', 'spool'))).rejects.toMatchObject({
      code: 'spool-unwritable',
    });
  });
});
