import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '@pipeline/testing';
import { type Drill } from '../drill.ts';
import { type DrillContext } from '../run/drill-context.ts';
import { TwoCollectors, withSpool } from '../run/two-collectors.ts';

const run = promisify(execFile);

const DISK_BYTES = 128 << 20;
const CHUNK = Buffer.alloc(1 << 16, 1);
const PATIENCE = { timeoutMs: 90_000 };

/** Puts the broker's log on a separate disk, in memory. @returns its folder. @throws AssertionError without root. */
async function smallDisk(context: DrillContext): Promise<string> {
  assert.equal(process.getuid?.(), 0, 'needs root, to mount a disk of 128 MiB');
  const broker = context.stack.server('kafka');
  const folder = join(context.stack.folder.state, 'kafka-1', 'logs');
  const copy = join(await context.folder(), 'logs');
  await broker.stop();
  await cp(folder, copy, { recursive: true });
  await run('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', folder]);
  context.onClose(async () => {
    broker.kill('SIGKILL');
    await broker.exited();
    await run('umount', [folder]);
  });
  await cp(copy, folder, { recursive: true });
  await broker.start();
  return folder;
}

/** Takes all that is left of a disk. @returns the file that has it. */
async function fillDisk(folder: string): Promise<string> {
  const path = join(folder, 'filler');
  const file = await open(path, 'w');
  try {
    for (;;) await file.write(CHUNK);
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
  } finally {
    await file.close();
  }
  return path;
}

const full: Drill = {
  name: 'broker-disk-full',
  title:
    'The disk of the only broker is full under load, so that it ends, is freed, and the broker is started again: with a spool no event is refused.',
  apps: ['collector-api', 'hdfs-sink', 'es-sink'],
  // Of its own, so that no other drill gets these servers.
  brokerSettings: { 'log.segment.bytes': '8388608' },
  settings: withSpool,
  async run(context) {
    const broker = context.stack.server('kafka');
    const folder = await smallDisk(context);
    context.mayEnd.add('kafka');
    const load = { eventsPerSecond: context.scale(300, 150), perCall: 10 };
    const collectors = await TwoCollectors.start(context, load);
    for (let round = 1; round <= context.scale(2, 1); round++) {
      await context.advance(500);
      const { refusals } = collectors;
      const filler = await fillDisk(folder);
      await eventually(() => assert.equal(broker.pid, undefined, 'the broker has not ended'), PATIENCE);
      await context.wait(context.scale(10_000, 3_000));
      assert.ok(collectors.refusals > refusals, 'no event was refused');
      await rm(filler);
      await broker.start();
    }
    await context.advance(500);
    await collectors.end();
    await collectors.assertNothingRefusedOrRepeated();
    collectors.assertSpooled();
  },
};

export const brokerDisk: readonly Drill[] = [full];
