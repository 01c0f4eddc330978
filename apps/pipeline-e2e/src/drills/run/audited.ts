import { audit, auditSettings, type AuditReport } from '@pipeline/audit';
import { type FindingKind } from '@pipeline/event-schema';
import { TopicReader } from '@pipeline/kafka-transport';
import { createLogger } from '@pipeline/observability';
import { type LocalStack } from '@pipeline/testing';
import { connectionTo, TOPIC } from '../bench/bench.ts';
import { type DrillResult } from './drill-result.ts';

export type Counts = Pick<DrillResult, 'records' | 'lost' | 'double' | 'deadLetters' | 'failures'>;

/** Compares what was acknowledged with Kafka, and Kafka with both stores. @throws AuditError when no verdict can be given. */
export async function audited(
  stack: LocalStack,
  acknowledged: readonly string[],
  topic = TOPIC,
): Promise<Counts> {
  const report = await audit({ settings: auditSettings.load(stack.environment), topic });
  const known = new Set(await idsInKafka(stack, topic));
  const unknown = acknowledged.filter((id) => !known.has(id));
  return countsOf(report, unknown);
}

export function countsOf(report: AuditReport, notInKafka: readonly string[]): Counts {
  const total = (wanted: FindingKind) =>
    report.findings.filter(({ kind }) => kind === wanted).reduce((sum, { total: count }) => sum + count, 0);
  const sum = (of: (hour: AuditReport['hours'][number]) => number) =>
    report.hours.reduce((so, hour) => so + of(hour), 0);
  return {
    records: sum(({ records }) => records),
    lost: notInKafka.length + total('lost'),
    double: total('double'),
    deadLetters: sum(({ deadLetters }) => deadLetters['hdfs-sink'] + deadLetters['es-sink']),
    failures: [
      ...(notInKafka.length > 0
        ? [`${notInKafka.length} acknowledged and not in Kafka (${notInKafka[0]}, …)`]
        : []),
      ...(report.underWay > 0 ? [`${report.underWay} records are not committed by both sinks`] : []),
      ...report.findings.map(({ sink, kind, total: count, examples }) => {
        const [first] = examples;
        return `${sink}: ${count} ${kind} (${first?.partition}:${first?.offset} ${first?.eventId ?? ''} ${first?.detail ?? ''})`;
      }),
    ],
  };
}

/** Both together. */
export function sumOf(one: Counts, other: Counts): Counts {
  return {
    records: one.records + other.records,
    lost: one.lost + other.lost,
    double: one.double + other.double,
    deadLetters: one.deadLetters + other.deadLetters,
    failures: [...one.failures, ...other.failures],
  };
}

/** Event ids of all records of the topic; repeated where one is there more than once. */
export async function idsInKafka(stack: Pick<LocalStack, 'kafkaBrokers'>, topic = TOPIC): Promise<string[]> {
  const ids: string[] = [];
  const reader = new TopicReader(connectionTo(stack), createLogger('drill', 'silent'));
  await reader.read(topic, ({ records }) => {
    for (const { value } of records) {
      const id = /"event_id":\s*"([^"]+)"/.exec(value?.toString() ?? '')?.[1];
      if (id !== undefined) ids.push(id);
    }
  });
  return ids;
}
