import { describe, expect, it } from '@jest/globals';
import { type KafkaRecord, type PartitionAssignment, type RecordBatch } from '@pipeline/kafka-transport';
import { createLogger } from '@pipeline/observability';
import { type MemorySpan, MemoryTracer } from '@pipeline/observability/testing';
import { Registry } from 'prom-client';
import { MemorySinkWriter } from '../testing/sink-writer.double.ts';
import { PartitionPipeline } from './partition-pipeline.ts';
import { sinkMetrics } from './sink-metrics.ts';

const contextOf = (number: number, flags = '01') =>
  `00-${String(number).padStart(32, 'a')}-${String(number).padStart(16, 'b')}-${flags}`;
const APPENDED_MS = 1_700_000_000_000;

function recordOf(offset: number, traceparent?: string): KafkaRecord {
  return {
    key: null,
    value: Buffer.from(`event ${offset}`),
    offset,
    timestamp: APPENDED_MS,
    ...(traceparent !== undefined && { headers: { traceparent: Buffer.from(traceparent) } }),
  };
}

function batchOf(records: readonly KafkaRecord[]): RecordBatch {
  const startOffset = BigInt(records[0]!.offset);
  return {
    topic: 'clicks',
    partition: 2,
    count: records.length,
    records,
    startOffset,
    nextOffset: startOffset + BigInt(records.length),
    ...{ bytes: 100, heldBytes: 100, highWatermark: 0n },
    release: () => undefined,
  };
}

function setUp({ maxRecords = 3, stages = false, shareBytes = 1 << 20 } = {}) {
  const tracer = new MemoryTracer();
  const writer = new MemorySinkWriter();
  writer.stages = stages;
  const revoked = new AbortController();
  const assignment: PartitionAssignment = {
    ...{ topic: 'clicks', partition: 2, committedOffset: null, committedByPipeline: false, shareBytes },
    draining: new AbortController().signal,
    revoked: revoked.signal,
  };
  const pipeline = new PartitionPipeline(assignment, writer.open(), {
    group: 'spec-sink',
    policy: { maxRecords, maxBytes: 10_000, maxAgeMs: 60_000 },
    deadLetterLimits: { minMs: 0, minKeys: 4 },
    backoff: { initialMs: 1, maxMs: 2 },
    logger: createLogger('spec', 'silent'),
    metrics: sinkMetrics(new Registry()),
    tracer,
    onHalted: () => undefined,
    deadLetters: { publish: () => Promise.resolve() },
  });
  const named = (prefix: string): MemorySpan[] => tracer.spans.filter(({ name }) => name.startsWith(prefix));
  return { tracer, writer, revoked, pipeline, named };
}

describe('a traced flush', () => {
  it('has a span, linked to the sampled events in it, each of which has one of its own', async () => {
    const { pipeline, named } = setUp();
    const records = [recordOf(0, contextOf(1)), recordOf(1, contextOf(2, '00')), recordOf(2, contextOf(3))];
    await pipeline.accept(batchOf(records));
    const [flush, ...others] = named('flush');
    expect(others).toEqual([]);
    expect(flush).toMatchObject({
      name: 'flush clicks',
      parent: undefined,
      links: [contextOf(1), contextOf(3)],
      outcome: 'ok',
      attributes: { 'messaging.batch.message_count': 3, 'messaging.destination.partition.id': '2' },
    });
    const one = { name: 'store clicks', startMs: APPENDED_MS, links: [flush!.traceparent], outcome: 'ok' };
    expect(named('store')).toMatchObject([
      { ...one, parent: contextOf(1), attributes: { 'messaging.kafka.offset': 0 } },
      { ...one, parent: contextOf(3), attributes: { 'messaging.kafka.offset': 2 } },
    ]);
  });

  it('shows nothing where no event is sampled', async () => {
    const { pipeline, tracer } = setUp();
    await pipeline.accept(batchOf([recordOf(0), recordOf(1, 'nonsense'), recordOf(2, contextOf(1, '00'))]));
    expect(tracer.spans).toEqual([]);
  });

  it('notes the attempts that failed, and which event the store refused', async () => {
    const { pipeline, writer, named } = setUp();
    writer.faults.push(
      () => Promise.reject(new Error('down')),
      ({ records }) => ({
        written: 2,
        duplicates: 0,
        rejected: [{ record: records[1]!, code: 'mapping', message: 'no' }],
      }),
    );
    await pipeline.accept(batchOf([0, 1, 2].map((offset) => recordOf(offset, contextOf(offset + 1)))));
    expect(named('flush')).toMatchObject([{ notes: ['attempt failed'], outcome: 'ok' }]);
    expect(named('store').map(({ outcome }) => outcome)).toEqual(['ok', 'mapping', 'ok']);
  });

  it('remembers events whose records have left memory for a stage', async () => {
    const { pipeline, named } = setUp({ maxRecords: 4, stages: true, shareBytes: 200 });
    const staged = pipeline.accept(batchOf([recordOf(0, contextOf(1)), recordOf(1)]));
    await new Promise(setImmediate);
    await Promise.all([staged, pipeline.accept(batchOf([recordOf(2), recordOf(3, contextOf(2))]))]);
    expect(named('flush')).toMatchObject([{ links: [contextOf(1), contextOf(2)] }]);
    expect(named('store').map(({ parent }) => parent)).toEqual([contextOf(1), contextOf(2)]);
  });

  it('fails, and shows no event as stored, when the partition is lost', async () => {
    const { pipeline, writer, revoked, named } = setUp();
    writer.faults.push(() => Promise.reject(new Error('down')));
    const lost = pipeline.accept(batchOf([0, 1, 2].map((offset) => recordOf(offset, contextOf(1)))));
    revoked.abort();
    await expect(lost).rejects.toThrow();
    expect(named('flush')).toMatchObject([{ outcome: 'partition-revoked' }]);
    expect(named('store')).toEqual([]);
  });
});
