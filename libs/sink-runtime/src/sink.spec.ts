import { describe, expect, it } from '@jest/globals';
import { type PartitionAssignment, type RecordBatch, type RecordPublisher } from '@pipeline/kafka-transport';
import { createLogger, Readiness } from '@pipeline/observability';
import { Registry } from 'prom-client';
import { MemorySinkWriter } from '../testing/sink-writer.double.ts';
import { PartitionHaltedError } from './partition-errors.ts';
import { Sink } from './sink.ts';

const OPTIONS = {
  group: 'spec-sink',
  policy: { maxRecords: 1, maxBytes: 1 << 20, maxAgeMs: 60_000 },
  deadLetterLimits: { minMs: 0, minKeys: 4 },
};

function setUp({ notReadyAfterMs = 10_000 } = {}) {
  const registry = new Registry();
  const writer = new MemorySinkWriter();
  const readiness = new Readiness();
  const revoked = new AbortController();
  const publisher = { publish: () => Promise.resolve(), close: () => Promise.resolve() };
  const sink = new Sink(
    writer,
    { ...OPTIONS, backoff: { initialMs: 2, maxMs: 20 }, notReadyAfterMs },
    publisher as unknown as RecordPublisher,
    createLogger('spec', 'silent'),
    registry,
    readiness,
  );
  const assignment: PartitionAssignment = {
    ...{ topic: 'clicks', partition: 0, committedOffset: null, committedByPipeline: false },
    shareBytes: 1 << 20,
    draining: new AbortController().signal,
    revoked: revoked.signal,
  };
  return { sink, writer, readiness, registry, revoked, assignment };
}

function batchOf(value: string): RecordBatch {
  const records = [{ key: null, value: Buffer.from(value), offset: 0, timestamp: 0 }];
  const range = { topic: 'clicks', partition: 0, startOffset: 0n, nextOffset: 1n, highWatermark: 1n };
  return { ...range, count: 1, records, bytes: 1, heldBytes: 1, release: () => undefined };
}

describe('Sink', () => {
  it('ends a batch whose partition was lost without an error, for that is normal at a rebalance', async () => {
    const { sink, writer, revoked, assignment } = setUp();
    writer.faults.push(() => {
      revoked.abort();
      throw new Error('store down');
    });
    await expect(sink.accept(batchOf('a'), assignment)).resolves.toBeUndefined();
    await expect(sink.accept(batchOf('b'), assignment)).resolves.toBeUndefined();
    expect(writer.stored).toEqual([]);
  });

  it('is not ready while a flush fails for long, says why, and is ready again when it succeeds', async () => {
    const { sink, writer, readiness, registry, assignment } = setUp({ notReadyAfterMs: 1 });
    const down = Object.assign(new Error('index is closed'), { code: 'blocked' });
    writer.faults.push(...Array.from({ length: 5 }, () => () => Promise.reject(down)));
    const accepted = sink.accept(batchOf('a'), assignment);
    while (Object.keys(readiness.notReady()).length === 0) await new Promise(setImmediate);
    expect(readiness.notReady().partitions).toBe('clicks/0 held: blocked: index is closed');
    const held = registry.getSingleMetric('sink_partition_held_seconds')!;
    expect((await held.get()).values[0]?.value).toBeGreaterThan(0);
    await accepted;
    expect(readiness.notReady().partitions).toBeUndefined();
    expect((await held.get()).values).toMatchObject([
      { value: 0, labels: { topic: 'clicks', partition: 0 } },
    ]);
  });

  it('stays ready while a flush fails for a moment', async () => {
    const { sink, writer, readiness, assignment } = setUp({ notReadyAfterMs: 60_000 });
    const reasons: unknown[] = [];
    writer.faults.push(...Array.from({ length: 3 }, () => () => Promise.reject(new Error('busy'))));
    const accepted = sink.accept(batchOf('a'), assignment).then(() => clearInterval(looking));
    const looking = setInterval(() => reasons.push(readiness.notReady().partitions), 1);
    await accepted;
    expect(new Set(reasons)).toEqual(new Set([undefined]));
  });

  it('is not ready while a partition is halted', async () => {
    const { sink, writer, readiness, revoked, assignment } = setUp();
    writer.faults.push(() => {
      throw new PartitionHaltedError('foreign-file', 'the topic was recreated');
    });
    const accepted = sink.accept(batchOf('a'), assignment);
    await new Promise(setImmediate);
    expect(readiness.notReady().partitions).toBe('clicks/0 halted: the topic was recreated');
    revoked.abort();
    await accepted;
    expect(readiness.notReady().partitions).toBeUndefined();
  });
});
