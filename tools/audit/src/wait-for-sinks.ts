import { GROUPS } from '@pipeline/event-schema';
import { pause } from '@pipeline/kafka-transport';
import { AuditError } from './audit-error.ts';
import { type KafkaLog } from './sources/kafka-log.ts';

const INTERVAL_MS = 500;

/** Resolves when both sinks have committed everything. @throws AuditError `lag` when they have not in time. */
export async function waitForSinks(kafka: Pick<KafkaLog, 'lag'>, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const [hdfs, elasticsearch] = await Promise.all([kafka.lag(GROUPS.hdfsSink), kafka.lag(GROUPS.esSink)]);
    if (hdfs === 0 && elasticsearch === 0) return;
    if (performance.now() >= deadline) {
      throw new AuditError('lag', `records not committed yet: hdfs-sink ${hdfs}, es-sink ${elasticsearch}`);
    }
    await pause(INTERVAL_MS);
  }
}
