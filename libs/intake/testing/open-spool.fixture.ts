import { BatchSealer, ByteBudget } from '@pipeline/kafka-transport';
import { type MemoryBatchSender } from '@pipeline/kafka-transport/testing';
import { createLogger } from '@pipeline/observability';
import { Registry } from 'prom-client';
import { intakeMetrics } from '../src/intake-metrics.ts';
import { MemorySpoolFolder } from './spool-folder.double.ts';
import { SpoolDrain } from '../src/spool/spool-drain.ts';
import { type RecordsEntry } from '../src/spool/spool-entry.ts';
import { type SpoolFolder } from '../src/spool/spool-folder.ts';
import { SpoolLog } from '../src/spool/spool-log.ts';

export const TOPIC = 'select-color';

export function openSpool(
  folder: SpoolFolder = new MemorySpoolFolder(),
  { maxBytes = 1e9, segmentBytes = 2_000 } = {},
  metrics = intakeMetrics(new Registry()),
): Promise<SpoolLog> {
  const logger = createLogger('spec', 'silent');
  const budget = new ByteBudget(maxBytes);
  return SpoolLog.open({ folder, budget, segmentBytes, logger, metrics, topic: TOPIC });
}

export function drainOf(
  spool: SpoolLog,
  sender: MemoryBatchSender,
  metrics = intakeMetrics(new Registry()),
  topic = TOPIC,
): SpoolDrain {
  const sealer = new BatchSealer(sender, { compression: 'none', idempotent: true });
  const logger = createLogger('spec', 'silent');
  const limits = { batchBytes: 1_000, timeoutMs: 2_000 };
  return new SpoolDrain({ spool, sender, sealer, ...limits, logger, metrics, topic });
}

export const recordsOf = (values: readonly string[], key = 'visitor', topic = TOPIC): RecordsEntry => ({
  kind: 'records',
  topics: new Map([[topic, values.map((value) => ({ key, value, headers: { event_type: 'x' } }))]]),
});

/** Waits, without a pause of its own, until the condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('the condition never came true');
    await new Promise(setImmediate);
  }
}
