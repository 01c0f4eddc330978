import { audit, auditSettings, type AuditReport } from '@pipeline/audit';
import { TOPICS } from '@pipeline/event-schema';
import { kafkaConnection, TopicReader } from '@pipeline/kafka-transport';
import { type LocalStack } from '@pipeline/local-stack';
import { createLogger } from '@pipeline/observability';

const { name: TOPIC } = TOPICS.selectColor;
const CATCH_UP_MS = 120_000;

/**
 * Waits until both sinks have committed everything, then compares what was acknowledged with Kafka, and Kafka with
 * both stores. @returns the counts. @throws Error when anything is lost, double, damaged or dead-lettered.
 */
export async function auditClicks(stack: LocalStack, acknowledged: readonly string[]): Promise<string> {
  const settings = auditSettings.load(stack.environment);
  const report = await audit({ settings, topic: TOPIC, waitMs: CATCH_UP_MS });
  const kept = await idsInKafka(stack);
  const lost = acknowledged.filter((id) => !kept.has(id));
  const wrong = complaints(report, lost.length);
  if (wrong.length > 0) throw new Error(wrong.join('; '));
  const count = (of: (hour: AuditReport['hours'][number]) => number) =>
    report.hours.reduce((sum, hour) => sum + of(hour), 0);
  const [records, rows, documents] = [
    count((one) => one.records),
    count((one) => one.rows),
    count((one) => one.documents),
  ];
  return `${acknowledged.length} acknowledged, ${records} records, ${rows} rows in HDFS, ${documents} documents in Elasticsearch`;
}

/** What is wrong, a phrase each. @param lost acknowledged and not in Kafka. */
export function complaints(report: AuditReport, lost: number): string[] {
  const letters = report.hours.reduce(
    (sum, { deadLetters }) => sum + deadLetters['hdfs-sink'] + deadLetters['es-sink'],
    0,
  );
  return [
    ...(lost > 0 ? [`${lost} acknowledged and not in Kafka`] : []),
    ...report.findings.map(({ sink, kind, total }) => `${sink}: ${total} ${kind}`),
    ...(report.underWay > 0 ? [`${report.underWay} not committed in time`] : []),
    ...(letters > 0 ? [`${letters} dead letters`] : []),
    ...(report.hours.every(({ records }) => records === 0) ? ['nothing was sent'] : []),
  ];
}

async function idsInKafka(stack: LocalStack): Promise<Set<string>> {
  const ids = new Set<string>();
  const connection = kafkaConnection(auditSettings.load(stack.environment), 'verify-images');
  await new TopicReader(connection, createLogger('verify-images', 'silent')).read(TOPIC, ({ records }) => {
    for (const { value } of records) {
      ids.add((JSON.parse(value?.toString() ?? '{}') as { event_id: string }).event_id);
    }
  });
  return ids;
}
