import assert from 'node:assert/strict';
import { GROUPS, SINK_NAMES } from '@pipeline/event-schema';
import { indicesOf, listHdfsFiles, readHdfsFile } from '@pipeline/testing';
import { chunksOf } from '../../support/kafka.ts';
import { TOPIC } from '../bench/bench.ts';
import { type Drill, withTimesOfTheProducer } from '../drill.ts';
import { acceptedClick } from '../load/click.ts';
import { type DrillContext } from '../run/drill-context.ts';
import { letterCodes } from '../run/letter-codes.ts';

const text = (context: DrillContext, extra: Readonly<Record<string, unknown>> = {}) =>
  JSON.stringify(acceptedClick(context.random, extra));

const idleTopic: Drill = {
  name: 'idle-topic',
  title: 'One record comes and then nothing: it is published by age, without another record behind it.',
  isFast: true,
  async run(context) {
    await context.outlet().sendRecords([{ key: 'alone', value: text(context) }]);
    const sentAtMs = performance.now();
    await context.caughtUp(SINK_NAMES, 30_000);
    context.note(
      `both stores had it ${((performance.now() - sentAtMs) / 1_000).toFixed(1)} s after it was sent`,
    );
    const [file, ...others] = await listHdfsFiles(context.stack, TOPIC);
    assert.ok(file !== undefined && others.length === 0, 'not one file');
  },
};

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const hourBoundary: Drill = {
  name: 'hour-boundary',
  title:
    'Append times pass three full hours within seconds while hdfs-sink is killed: each file holds rows of one hour only.',
  topics: withTimesOfTheProducer,
  async run(context) {
    const firstHour = Math.floor(Date.now() / HOUR_MS) - 4;
    const startMs = (firstHour + 1) * HOUR_MS - 30_000;
    // Three hours in 24 steps; a step never lands on a full hour by accident, one does on purpose.
    for (let step = 0; step < 24; step++) {
      const atMs = step === 8 ? (firstHour + 2) * HOUR_MS : startMs + step * ((3 * HOUR_MS) / 24);
      const records = Array.from({ length: 300 }, () => {
        const { visitor_id: key, ...rest } = acceptedClick(context.random);
        return { key, value: JSON.stringify({ visitor_id: key, ...rest }), timestampMs: atMs };
      });
      await context.kafka.produceAt(TOPIC, records);
      if (step % 8 === 4) {
        context.app('hdfs-sink').kill('SIGKILL');
        await context.app('hdfs-sink').exited();
        await context.app('hdfs-sink').launch();
      }
      await context.wait(context.random.between(50, 250));
    }
    await context.caughtUp();
    await expectOneHourPerFile(context);
  },
};

/** The folder of a row's file is the hour of its append time, which Kafka still knows. */
async function expectOneHourPerFile(context: DrillContext): Promise<void> {
  const appended = await appendTimes(context);
  const files = await listHdfsFiles(context.stack, TOPIC);
  const hours = new Set<string>();
  for (const file of files) {
    const [, date, hour] = /dt=([\d-]+)\/hour=(\d+)\//.exec(file) ?? [];
    hours.add(`${date} ${hour}`);
    for (const line of (await readHdfsFile(context.stack, file)).toString().split('\n').filter(Boolean)) {
      const row = JSON.parse(line) as { kafka_partition: number; kafka_offset: number };
      const appendedAt = new Date(
        appended.get(`${row.kafka_partition}:${row.kafka_offset}`) ?? 0,
      ).toISOString();
      assert.equal(appendedAt.slice(0, 13), `${date}T${hour}`, `a row of ${file}`);
    }
  }
  assert.equal(hours.size, 4, 'folders of hours');
  context.note(`${files.length} files in ${hours.size} hours`);
}

/** Append time of every record, by partition and offset. */
async function appendTimes({ stack }: DrillContext): Promise<Map<string, number>> {
  const places = new Map<string, number>();
  for (const { partition, records } of await chunksOf(stack, TOPIC)) {
    for (const { offset, timestamp } of records) places.set(`${partition}:${offset}`, timestamp);
  }
  return places;
}

/** Days from now at which an event says it occurred. Within 38 days back and ten ahead it has the index of its day. */
const DATED = [-1, -6, -37, 0.5, 3];
const UNDATED = [-40, -1_000, -20_000, 40, 2_000_000];
const TIMES = [...DATED, ...UNDATED];

const strangeTimes: Drill = {
  name: 'late-and-future-events',
  title:
    'Events say they occurred long ago or in the future: a bounded number of indices, one folder of HDFS per hour of append.',
  async run(context) {
    const rounds = context.scale(50, 10);
    context.load(500);
    await context.advance(500);
    for (let round = 1; round <= rounds; round++) {
      const records = TIMES.map((days) => {
        const occurredAt = new Date(Date.now() + days * DAY_MS).toISOString();
        return { key: null, value: text(context, { occurred_at: occurredAt }) };
      });
      await context.outlet().sendRecords(records);
    }
    await context.advance(1_000);
    await context.endLoads();
    await context.caughtUp();
    for (const group of [GROUPS.esSink, GROUPS.hdfsSink])
      assert.deepEqual(await letterCodes(context, group), {});
    const indices = await indicesOf(context.stack, TOPIC);
    // Those of the days, of today, of midnight if it passes, and one for all others.
    assert.ok(indices.length <= DATED.length + 3, `indices: ${indices.join(' ')}`);
    const folders = new Set(
      (await listHdfsFiles(context.stack, TOPIC)).map((file) => file.slice(0, file.lastIndexOf('/'))),
    );
    assert.ok(folders.size <= 2, `folders: ${[...folders].join(' ')}`);
    context.note(`${indices.length} indices, ${folders.size} folders`);
  },
};

export const times: readonly Drill[] = [idleTopic, hourBoundary, strangeTimes];
