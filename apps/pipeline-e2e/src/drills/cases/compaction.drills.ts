import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { GROUPS } from '@pipeline/event-schema';
import { type LocalStack } from '@pipeline/local-stack';
import { listHdfsFiles, readHdfsRows } from '@pipeline/testing';
import { TOPIC } from '../bench/bench.ts';
import { type Drill, withTimesOfTheProducer } from '../drill.ts';
import { acceptedClick } from '../load/click.ts';
import { type DrillContext } from '../run/drill-context.ts';

const COMPACT = join(import.meta.dirname, '../../../../hdfs-sink/dist/compact/main.js');
const LOCK = '/pipeline/_staging/compaction.lock';
const HOUR_MS = 3_600_000;
const PARTITIONS = 3;
const ROUNDS = 20;
const RECORDS_PER_ROUND = 150;

function smallFilesJoined(compression: 'none' | 'gzip', names: Pick<Drill, 'name' | 'title'>): Drill {
  return {
    ...names,
    // The hour has to be long over.
    topics: withTimesOfTheProducer,
    settings: { HDFS_SINK_COMPRESSION: compression, HDFS_SINK_FLUSH_MAX_AGE_MS: '100' },
    async run(context) {
      const hour = Math.floor(Date.now() / HOUR_MS) - 5;
      await fill(context, hour * HOUR_MS);
      const before = await listHdfsFiles(context.stack, TOPIC);
      assert.ok(before.length >= ROUNDS * PARTITIONS, `only ${before.length} files to join`);
      const reader = new Reader(context.stack, ROUNDS * RECORDS_PER_ROUND);
      const rounds = context.scale(6, 2);
      let kills = 0;
      for (let round = 0; round < rounds; round++) {
        await backdate(context.stack, before[0]!);
        const code = await compact(context, context.random.between(400, 1_500));
        if (code === null) kills += 1;
      }
      assert.ok(kills > 0, 'no run of the compaction was killed');
      await backdate(context.stack, before[0]!);
      assert.equal(await compact(context), 0, 'exit code of the compaction');
      const { passes, missing } = await reader.stop();
      const after = await listHdfsFiles(context.stack, TOPIC);
      assert.equal(after.length, PARTITIONS, `files: ${after.join(' ')}`);
      context.note(
        `${before.length} files became ${after.length}, ${kills} of ${rounds} runs of the compaction killed; ` +
          `a reader saw each row once in ${passes} passes, ${missing} more met a file that was gone`,
      );
      await setBackAndGoOn(context);
    },
  };
}

/** Records of one hour; what a round brings to a partition is a file, because the next round waits for its commit. */
async function fill(context: DrillContext, startMs: number): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    const timestampMs = startMs + round * 1_000;
    const records = Array.from({ length: RECORDS_PER_ROUND }, () => {
      const click = acceptedClick(context.random);
      return { key: click.visitor_id, value: JSON.stringify(click), timestampMs };
    });
    await context.kafka.produceAt(TOPIC, records);
    await context.caughtUp();
  }
}

/** hdfs-sink is set back into what is one file now, and goes on with new records. */
async function setBackAndGoOn(context: DrillContext): Promise<void> {
  const sink = context.app('hdfs-sink');
  await sink.stop();
  const positions = await context.positions(GROUPS.hdfsSink);
  const offsets = new Map(
    positions.map(({ partition, committedOffset = 0n }) => [partition, committedOffset / 2n]),
  );
  await context.kafka.moveGroup(GROUPS.hdfsSink, TOPIC, offsets);
  await sink.launch();
  context.load(500);
  await context.advance(1_500);
}

/** @returns its exit code, or null when it was killed after `killAfterMs`. */
async function compact({ stack }: DrillContext, killAfterMs?: number): Promise<number | null> {
  const child = spawn(process.execPath, [COMPACT, '--topic', TOPIC], {
    env: { ...stack.environment },
    stdio: 'ignore',
    ...(killAfterMs !== undefined && { timeout: killAfterMs, killSignal: 'SIGKILL' }),
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

/** The folder of a file, and a lock that a killed run has left, were touched for the last time hours ago. */
async function backdate(stack: LocalStack, file: string): Promise<void> {
  const times = { modificationtime: String(Date.now() - 3 * HOUR_MS), accesstime: '-1' };
  const query = new URLSearchParams({ op: 'SETTIMES', 'user.name': 'pipeline', ...times });
  for (const path of [file.slice(0, file.lastIndexOf('/')), LOCK]) {
    const { status } = await fetch(`${stack.webHdfsUrl}/webhdfs/v1${path}?${query.toString()}`, {
      method: 'PUT',
    });
    assert.ok(status === 200 || (status === 404 && path === LOCK), `SETTIMES ${path}: ${status}`);
  }
}

/** Lists and reads all rows again and again, as a query does. */
class Reader {
  private passes = 0;
  private missing = 0;
  private stopped = false;
  private readonly reading: Promise<void>;

  constructor(
    private readonly stack: LocalStack,
    private readonly rows: number,
  ) {
    this.reading = this.read();
    // Told by `stop`.
    this.reading.catch(() => undefined);
  }

  /** @throws AssertionError when a pass saw a row twice or not at all. */
  async stop(): Promise<{ passes: number; missing: number }> {
    this.stopped = true;
    await this.reading;
    return { passes: this.passes, missing: this.missing };
  }

  private async read(): Promise<void> {
    while (!this.stopped) {
      const ids = await this.pass();
      if (!ids) continue;
      const distinct = new Set(ids).size;
      assert.deepEqual({ rows: ids.length, distinct }, { rows: this.rows, distinct: this.rows });
      this.passes += 1;
    }
  }

  /** Nothing when a listed file was gone: a query would fail and be run again. */
  private async pass(): Promise<unknown[] | undefined> {
    try {
      return (await readHdfsRows(this.stack, TOPIC)).map(({ event_id: id }) => id);
    } catch (error) {
      if (!/is not there$/.test((error as Error).message)) throw error;
      this.missing += 1;
      return undefined;
    }
  }
}

export const compaction: readonly Drill[] = [
  smallFilesJoined('none', {
    name: 'small-files-joined',
    title:
      'The files of an hour are joined while they are read and the compaction is killed; then hdfs-sink is set back into them.',
  }),
  smallFilesJoined('gzip', {
    name: 'small-compressed-files-joined',
    title:
      'Compressed files are joined and written anew while they are read and the compaction is killed; then hdfs-sink is set back.',
  }),
];
