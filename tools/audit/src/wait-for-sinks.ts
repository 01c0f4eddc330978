import { SINK_NAMES } from '@pipeline/event-schema';
import { pause, type PartitionExtent } from '@pipeline/kafka-transport';
import { type KafkaLog } from './sources/kafka-log.ts';

const INTERVAL_MS = 500;

/** Resolves when all sinks have committed these extents, or when the time is over: what waits then is counted. */
export async function waitForSinks(
  kafka: Pick<KafkaLog, 'committed'>,
  extents: readonly PartitionExtent[],
  timeoutMs: number,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const groups = await Promise.all(SINK_NAMES.map((sink) => kafka.committed(sink)));
    const isBehind = ({ partition, startOffset, endOffset }: PartitionExtent) =>
      groups.some((committed) => endOffset > startOffset && (committed.get(partition) ?? -1n) < endOffset);
    if (!extents.some(isBehind) || performance.now() >= deadline) return;
    await pause(INTERVAL_MS);
  }
}
