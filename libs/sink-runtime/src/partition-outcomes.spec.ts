import { describe, expect, it } from '@jest/globals';
import { type KafkaRecord, type PartitionAssignment, type RecordBatch } from '@pipeline/kafka-transport';
import { createLogger } from '@pipeline/observability';
import { Registry } from 'prom-client';
import { MemorySinkWriter } from '../testing/sink-writer.double.ts';
import { PartitionPipeline } from './partition-pipeline.ts';
import { sinkMetrics } from './sink-metrics.ts';
import { type RecordRange, type WriteReport } from './sink-writer.ts';

const LIMITS = { minMs: 1_000, minKeys: 4 };
/** What a partition commits whose store has taken nothing since 1970. */
const LONG_AGO = 'dlq=1,1,a';
const LABELS = { topic: 'clicks', partition: 0 };

/** A partition whose every batch is one flush. */
function setUp({ memo = '', limits = LIMITS } = {}) {
  const writer = new MemorySinkWriter();
  const moved: string[] = [];
  const halted: string[] = [];
  const registry = new Registry();
  const revoked = new AbortController();
  const assignment: PartitionAssignment = {
    ...LABELS,
    ...{ committedOffset: null, committedByPipeline: true, shareBytes: 1 << 20, memo: { text: memo } },
    draining: new AbortController().signal,
    revoked: revoked.signal,
  };
  const publish = (_topic: string, letters: readonly { record: KafkaRecord }[]) => {
    moved.push(...letters.map(({ record }) => String(record.value)));
    return Promise.resolve();
  };
  const pipeline = new PartitionPipeline(assignment, writer.open(), {
    group: 'spec-sink',
    policy: { maxRecords: 1, maxBytes: 1 << 20, maxAgeMs: 60_000 },
    deadLetterLimits: limits,
    backoff: { initialMs: 1, maxMs: 2 },
    logger: createLogger('spec', 'silent'),
    metrics: sinkMetrics(registry),
    onHalted: (_assignment, error) => halted.push(error.message),
    deadLetters: { publish },
  });
  return { pipeline, writer, assignment, moved, halted, registry, revoked };
}

function batchOf(values: readonly string[]): RecordBatch {
  const records = values.map((value, index) => ({
    ...{ key: Buffer.from(value), value: Buffer.from(value), timestamp: 0 },
    offset: index,
  }));
  const end = BigInt(records.length);
  const held = { count: records.length, bytes: 1, heldBytes: 1, release: () => undefined };
  return { ...LABELS, ...held, records, startOffset: 0n, nextOffset: end, highWatermark: end };
}

/**
 * Refuses what begins with `bad`, and with `odd` before the store is asked; finds what begins with `old`, leaves the rest of
 * what begins with `late` for once more.
 */
function outcomes({ records }: RecordRange): WriteReport {
  const named = (name: string) => records.filter(({ value }) => String(value).startsWith(name));
  const late = named('late');
  const rejected = [
    ...named('bad').map((record) => ({ record, code: 'mapping', message: 'no', byStore: true })),
    ...named('odd').map((record) => ({ record, code: 'not-json', message: 'no' })),
  ];
  const duplicates = named('old').length;
  const written = records.length - rejected.length - duplicates - late.length;
  const report = { written, duplicates, rejected };
  return late.length === 0 ? report : { ...report, retry: { records: late, error: new Error('busy') } };
}

const settle = async () => {
  for (let round = 0; round < 10; round++) await new Promise(setImmediate);
};

async function valueOf(registry: Registry, name: string): Promise<number | undefined> {
  const metric = await registry.getSingleMetric(name)?.get();
  return metric?.values.reduce((sum, { value }) => sum + value, 0);
}

describe('the outcomes of a partition', () => {
  it('add up: accepted = written + duplicate + dead-lettered', async () => {
    const { pipeline, writer, registry } = setUp();
    writer.faults.push(outcomes);
    await pipeline.accept(batchOf(['a', 'b', 'old', 'bad', 'late', 'late']));
    const counted = ['accepted', 'written', 'duplicate', 'dead_lettered'].map((what) =>
      valueOf(registry, `sink_records_${what}_total`),
    );
    expect(await Promise.all(counted)).toEqual([6, 4, 1, 1]);
    expect(await valueOf(registry, 'sink_records_unaccounted')).toBe(0);
  });

  it('raise an alarm when a writer loses or doubles a record', async () => {
    const { pipeline, writer, registry } = setUp();
    writer.faults.push(() => ({ written: 1, duplicates: 0, rejected: [] }));
    writer.faults.push(() => ({ written: 2, duplicates: 1, rejected: [] }));
    await pipeline.accept(batchOf(['a', 'b']));
    await pipeline.accept(batchOf(['a', 'b']));
    expect(await valueOf(registry, 'sink_records_unaccounted')).toBe(2);
  });

  it('are not counted for a flush whose partition was lost', async () => {
    const { pipeline, writer, registry, revoked } = setUp();
    writer.faults.push(outcomes, () => {
      revoked.abort();
      throw new Error('store down');
    });
    await expect(pipeline.accept(batchOf(['a', 'late']))).rejects.toThrow();
    expect(await valueOf(registry, 'sink_records_written_total')).toBe(0);
  });
});

describe('a store that takes nothing any more', () => {
  const BAD = ['bad1', 'bad2', 'bad3'];

  it('stops the partition, moves nothing, says why and keeps the offset', async () => {
    const { pipeline, writer, moved, halted, registry } = setUp({ memo: LONG_AGO });
    writer.faults.push(outcomes);
    let durable = false;
    void pipeline.accept(batchOf(BAD)).then(() => (durable = true));
    await settle();
    expect([durable, moved]).toEqual([false, []]);
    expect(halted[0]).toContain('the store takes no record any more (4 in a row, this one as mapping: no)');
    expect(await valueOf(registry, 'sink_dead_letter_breaker_open')).toBe(1);
    expect(await valueOf(registry, 'sink_store_refusals_in_a_row')).toBe(4);
    expect(await valueOf(registry, 'sink_partition_halted')).toBe(1);
    expect(await valueOf(registry, 'sink_records_dead_lettered_total')).toBe(0);
  });

  it.each([
    ['takes one of the same flush', 'good'],
    ['finds one of the same flush', 'old'],
  ])('is not one that %s', async (_what, other) => {
    const { pipeline, writer, moved } = setUp({ memo: LONG_AGO });
    writer.faults.push(outcomes);
    await pipeline.accept(batchOf([...BAD, other]));
    expect(moved).toEqual(BAD);
  });

  it('is not known from records that it was not asked about', async () => {
    const { pipeline, writer, moved, assignment } = setUp({ memo: LONG_AGO });
    writer.faults.push(outcomes);
    await pipeline.accept(batchOf(['odd1', 'odd2', 'odd3', 'odd4', 'odd5']));
    expect(moved).toHaveLength(5);
    expect(assignment.memo!.text).toBe(LONG_AGO);
  });

  it('stops the next owner at once: the count is committed with the offset', async () => {
    const first = setUp({ memo: LONG_AGO });
    first.writer.faults.push(outcomes);
    await first.pipeline.accept(batchOf(['bad1', 'bad2']));
    const next = setUp({ memo: first.assignment.memo!.text });
    next.writer.faults.push(outcomes);
    void next.pipeline.accept(batchOf(['bad3']));
    await settle();
    expect([first.moved.length, next.moved, next.halted.length]).toEqual([2, [], 1]);
  });

  it('stops nothing when an operator says so', async () => {
    const { pipeline, writer, moved } = setUp({ memo: LONG_AGO, limits: { ...LIMITS, minMs: 0 } });
    writer.faults.push(outcomes);
    await pipeline.accept(batchOf(['bad', 'bad', 'bad', 'bad', 'bad']));
    expect(moved).toHaveLength(5);
  });
});
