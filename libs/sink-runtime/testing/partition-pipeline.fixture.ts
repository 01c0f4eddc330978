import {
  type KafkaRecord,
  type PartitionAssignment,
  type RecordBatch,
  TransportError,
} from '@pipeline/kafka-transport';
import { createLogger } from '@pipeline/observability';
import { Registry } from 'prom-client';
import { type FlushPolicy } from '../src/flush-policy.ts';
import { MemorySinkWriter } from './sink-writer.double.ts';
import { PartitionPipeline } from '../src/partition-pipeline.ts';
import { sinkMetrics } from '../src/sink-metrics.ts';

export const POLICY: FlushPolicy = { maxRecords: 3, maxBytes: 10_000, maxAgeMs: 60_000 };

/** A pipeline of one partition before a store in memory, and what it did. */
export function setUp({
  policy = POLICY,
  shareBytes = 1 << 20,
  partition = 0,
  stages = false,
  backoff = { initialMs: 1, maxMs: 2 },
} = {}) {
  const storeReturn = new AbortController();
  const writer = new MemorySinkWriter();
  writer.stages = stages;
  const draining = new AbortController();
  const revoked = new AbortController();
  const deadLetters: { topic: string; value: string; code: string }[] = [];
  const halted: string[] = [];
  const registry = new Registry();
  const publications = { count: 0 };
  const failing = {
    deadLetters: 0,
    with: new TransportError('broker-unavailable', 'no topic') as Error,
  };
  const assignment: PartitionAssignment = {
    topic: 'clicks',
    partition,
    committedOffset: null,
    committedByPipeline: false,
    shareBytes,
    memo: { text: '' },
    draining: draining.signal,
    revoked: revoked.signal,
  };
  const pipeline = new PartitionPipeline(assignment, writer.open(), {
    group: 'spec-sink',
    policy,
    deadLetterLimits: { minMs: 0, minKeys: 4 },
    backoff,
    storeReturn: () => storeReturn.signal,
    logger: createLogger('spec', 'silent'),
    metrics: sinkMetrics(registry),
    onHalted: (_assignment, error) => halted.push(error.message),
    deadLetters: {
      publish: (topic, letters) => {
        publications.count += 1;
        if (failing.deadLetters-- > 0) return Promise.reject(failing.with);
        deadLetters.push(
          ...letters.map(({ record, reason }) => ({ topic, value: String(record.value), code: reason.code })),
        );
        return Promise.resolve();
      },
    },
  });
  return {
    pipeline,
    writer,
    storeReturn,
    assignment,
    draining,
    revoked,
    deadLetters,
    halted,
    registry,
    failing,
    publications,
  };
}

let offset = 0;
/** The next records of the partition. */
export function batch(...values: string[]): RecordBatch {
  const startOffset = BigInt(offset);
  const records: KafkaRecord[] = values.map((value) => ({
    key: null,
    value: Buffer.from(value),
    offset: offset++,
    timestamp: Date.now(),
  }));
  const bytes = values.reduce((sum, { length }) => sum + length, 0);
  const held = { bytes, heldBytes: bytes + 400 * values.length, release: () => undefined };
  return {
    topic: 'clicks',
    partition: 0,
    count: records.length,
    records,
    startOffset,
    nextOffset: BigInt(offset),
    ...held,
    highWatermark: BigInt(offset),
  };
}

/** How a promise stands, without waiting for it. */
export function outcomeOf(promise: Promise<void>) {
  const outcome = { state: 'pending' };
  promise.then(
    () => (outcome.state = 'durable'),
    () => (outcome.state = 'lost'),
  );
  return outcome;
}

/** Everything that is due now has happened. */
export const turn = async () => {
  for (let round = 0; round < 5; round++) await new Promise(setImmediate);
};
