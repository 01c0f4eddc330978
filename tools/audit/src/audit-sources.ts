import { DecodeError, jsonLine, SINK_NAMES, tableOf, TableJudge } from '@pipeline/event-schema';
import { type KafkaRecord, type PartitionExtent } from '@pipeline/kafka-transport';
import { eventIdOf } from './ledger/event-id.ts';
import { judge } from './ledger/judge.ts';
import { Ledger } from './ledger/ledger.ts';
import { TableLedger } from './ledger/table-ledger.ts';
import { NO_PROGRESS, type Progress } from './progress.ts';
import { type AuditReport } from './report/audit-report.ts';
import { type HourCounts } from './report/hour-counts.ts';
import { nameEvents } from './report/name-events.ts';
import { type DocumentStore } from './sources/document-store.ts';
import { type KafkaLog } from './sources/kafka-log.ts';
import { type RowStore } from './sources/row-store.ts';
import { waitForSinks } from './wait-for-sinks.ts';

export interface Sources {
  readonly kafka: KafkaLog;
  readonly rows: RowStore;
  readonly documents: DocumentStore;
}

/** What to audit. */
export interface AuditScope {
  readonly topic: string;
  /** Append times to judge: `from` inclusive, `to` exclusive. Absent: no bound. */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** First wait until both sinks have committed what Kafka held at the start, at most so long. */
  readonly waitMs?: number | undefined;
}

/**
 * Compares Kafka with both stores and the dead letters, in one pass over each.
 * @throws AuditError when no verdict can be given.
 */
export async function auditSources(
  sources: Sources,
  scope: AuditScope,
  progress: Progress = NO_PROGRESS,
): Promise<AuditReport> {
  const startedAt = performance.now();
  const { kafka } = sources;
  try {
    const extents = await kafka.extents();
    if (scope.waitMs !== undefined) await waitForSinks(kafka, extents, scope.waitMs);
    const ledger = await readKafka(kafka, scope, { extents, progress });
    await readStores(ledger, sources, progress);
    if (ledger.needsSecondLook) await kafka.read((partition, record) => ledger.lookAgain(partition, record));
    judge(ledger);
    const findings = await nameEvents(ledger.findings.list(), kafka, idsOf(scope.topic));
    return reportOf(ledger, scope, findings, performance.now() - startedAt);
  } finally {
    progress.stop();
  }
}

async function readKafka(
  kafka: KafkaLog,
  { topic, from, to }: AuditScope,
  { extents, progress }: { readonly extents: readonly PartitionExtent[]; readonly progress: Progress },
): Promise<Ledger> {
  const range = { fromMs: from?.getTime() ?? -Infinity, toMs: to?.getTime() ?? Infinity };
  const table = tableOf(topic);
  const ledger =
    table === undefined ? new Ledger(topic, extents, range) : new TableLedger(table, extents, range);
  const counter = progress.start('records', ledger.offsets.size);
  await kafka.read((partition, record) => {
    ledger.addRecord(partition, record);
    counter.add();
  });
  return ledger;
}

/** What names the records of a topic: the id of an event, the key of a row. */
function idsOf(topic: string): (record: KafkaRecord) => string | undefined {
  const table = tableOf(topic);
  if (table === undefined)
    return ({ value }) => {
      const line = jsonLine(value);
      return line instanceof DecodeError ? undefined : eventIdOf(line);
    };
  const rows = new TableJudge(table);
  return (record) => {
    const change = rows.read(record);
    return change instanceof DecodeError ? undefined : change.id;
  };
}

/**
 * The groups are asked how far they are before the stores are fixed: what they have committed is there to be seen.
 * The stores are fixed before Kafka is asked again how far it reaches: so a row behind that end cannot be a new one, it is
 * one that Kafka never had.
 */
async function readStores(
  ledger: Ledger,
  { kafka, rows, documents }: Sources,
  progress: Progress,
): Promise<void> {
  const { size } = ledger.offsets;
  for (const sink of SINK_NAMES) ledger.setCommitted(sink, await kafka.committed(sink));
  const [readRows, readDocuments] = await Promise.all([rows.snapshot(), documents.snapshot()]);
  ledger.offsets.extend(await kafka.extents());
  const [rowCounter, documentCounter] = [progress.start('rows', size), progress.start('documents', size)];
  await Promise.all([
    ...SINK_NAMES.map((sink) => kafka.readDeadLetters(sink, (letter) => ledger.addDeadLetter(sink, letter))),
    readRows((row, path) => {
      ledger.addRow(row, path);
      rowCounter.add();
    }),
    readDocuments((id, source, index) => {
      ledger.addDocument(id, source, index);
      documentCounter.add();
    }),
  ]);
}

function reportOf(
  ledger: Ledger,
  { topic, from, to }: AuditScope,
  findings: AuditReport['findings'],
  durationMs: number,
): AuditReport {
  const hours = ledger.hours.list();
  const parts = [...hours, ledger.elsewhere];
  const all = (promise: keyof Pick<HourCounts, 'conserved' | 'unique' | 'intact'>) =>
    parts.every((part) => part[promise]);
  const verdicts = { conserved: all('conserved'), unique: all('unique'), intact: all('intact') };
  const holds = verdicts.conserved && verdicts.unique && verdicts.intact;
  return {
    topic,
    ...(from ? { from: from.toISOString() } : {}),
    ...(to ? { to: to.toISOString() } : {}),
    ...verdicts,
    verdict: holds ? (ledger.underWay > 0 ? 'holds so far' : 'holds') : 'broken',
    holds,
    underWay: ledger.underWay,
    hours,
    findings,
    copies: ledger.copies.report(),
    notJudged: ledger.notJudged,
    foreignLetters: ledger.foreignLetters,
    durationMs: Math.round(durationMs),
  };
}
