import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { eventually } from '@pipeline/testing';
import { type Drill } from '../drill.ts';
import { CollectorOutlet } from '../load/collector.outlet.ts';
import { type DrillContext } from '../run/drill-context.ts';
import { metricsOf, metricSum } from '../run/metrics.ts';

const run = promisify(execFile);

const DISK_BYTES = 2 << 20;
/** What else lies on the disk: so it is full before the spool has what its setting allows. */
const OTHER_BYTES = 1_400_000;
const SPOOL_MAX_BYTES = 1 << 20;
const PATIENCE = { timeoutMs: 90_000 };

/** A disk of its own for the spool, in memory. @throws AssertionError where this user may not mount one. */
async function smallDisk(context: DrillContext): Promise<string> {
  assert.equal(process.getuid?.(), 0, 'needs root, to mount a disk of 2 MiB');
  const path = await context.folder();
  await run('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', path]);
  context.onClose(async () => {
    await context.app('collector-api').stop();
    await run('umount', [path]);
  });
  await writeFile(join(path, 'other'), Buffer.alloc(OTHER_BYTES));
  return join(path, 'spool');
}

async function segments(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.endsWith('.spool'));
}

/** A collector that is to spool more than the disk has does not start, and says what would fit. */
async function tooMuchIsRefused(context: DrillContext): Promise<void> {
  const app = await context.launch('collector-api', {
    COLLECTOR_API_SPOOL_DIR: `${context.settingOf('COLLECTOR_API_SPOOL_DIR')}-2`,
    COLLECTOR_API_SPOOL_MAX_BYTES: String(2 * DISK_BYTES),
  });
  context.mayEnd.add(app.name);
  const exit = await app.exited();
  assert.equal(exit?.code, 1, 'exit code of a collector whose spool does not fit');
  assert.match(app.output.join('\n'), /COLLECTOR_API_SPOOL_MAX_BYTES is \d+.* set at most \d+/);
}

const full: Drill = {
  name: 'full-spool-disk',
  title:
    'The disk of the spool is full while the broker is frozen: it is drained when the broker resumes, and takes events again, without a hand; a setting that the disk cannot hold is refused at start.',
  apps: ['collector-api', 'hdfs-sink', 'es-sink'],
  settings: async (context) => ({
    COLLECTOR_API_SPOOL_DIR: await smallDisk(context),
    COLLECTOR_API_SPOOL_MAX_BYTES: String(SPOOL_MAX_BYTES),
    PUBLISH_TIMEOUT_MS: '800',
  }),
  async run(context) {
    const broker = context.stack.server('kafka');
    const collector = context.app('collector-api');
    const collectors = new CollectorOutlet(() => [collector]);
    const spooled = () => collectors.durabilities.get('spool') ?? 0;
    const refused = () => collectors.statuses.get(503) ?? 0;
    const folder = context.settingOf('COLLECTOR_API_SPOOL_DIR');
    const drained = () =>
      eventually(async () => {
        assert.equal(metricSum(await metricsOf(collector), 'collector_spool_bytes'), 0);
        assert.deepEqual(await segments(folder), [], 'files of a spool that is empty');
      }, PATIENCE);
    const load = context.collectorLoad(context.scale(400, 300), collectors);
    for (let round = 1; round <= 2; round++) {
      await context.advance(200);
      const [spooledBefore, refusedBefore] = [spooled(), refused()];
      broker.kill('SIGSTOP');
      try {
        await eventually(() => assert.ok(refused() > refusedBefore + 50, 'the disk is not full'), PATIENCE);
        assert.ok(spooled() > spooledBefore, `nothing was spooled in round ${round}`);
        assert.ok((await segments(folder)).length < 10, 'a refusal leaves a file');
      } finally {
        broker.kill('SIGCONT');
      }
      const acknowledged = load.acknowledged.length;
      await eventually(() => assert.ok(load.acknowledged.length > acknowledged + 500), PATIENCE);
    }
    await context.endLoads();
    await drained();
    await tooMuchIsRefused(context);
    assert.deepEqual(await context.repeatedInKafka(), [], 'events that are in Kafka twice');
    context.note(`${spooled()} requests in the spool; ${collectors.text}`);
  },
};

export const spoolDisk: readonly Drill[] = [full];
