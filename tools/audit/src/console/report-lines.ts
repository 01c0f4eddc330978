import Table from 'cli-table3';
import { type AuditReport } from '../report/audit-report.ts';
import { type Example, type Finding } from '../report/findings.ts';
import { type HourCounts } from '../report/hour-counts.ts';

const COLUMNS = [
  'partition',
  'hour (UTC)',
  'records',
  'rows',
  'documents',
  'dead letters\nhdfs-sink',
  'dead letters\nes-sink',
  'duplicates\nin Kafka',
  'conserved',
  'unique',
  'intact',
];

/** The report as a person reads it. */
export function reportLines(report: AuditReport): string[] {
  return [
    tableOf(report.hours),
    ...report.findings.flatMap(findingLines),
    ...notJudgedLines(report),
    verdictLine(report),
  ];
}

function tableOf(hours: readonly HourCounts[]): string {
  const table = new Table({ head: COLUMNS, style: { head: [], border: [] } });
  for (const hour of hours) table.push(cells(hour));
  if (hours.length > 1) table.push(['all', '', ...cells(total(hours)).slice(2)]);
  return table.toString();
}

function cells(row: HourCounts): (string | number)[] {
  const { records, rows, documents, deadLetters, duplicates, conserved, unique, intact } = row;
  const counts = [records, rows, documents, deadLetters['hdfs-sink'], deadLetters['es-sink'], duplicates];
  const verdicts = [conserved, unique, intact].map((holds) => (holds ? 'yes' : 'NO'));
  return [row.partition, row.hour.slice(0, 13).replace('T', ' '), ...counts, ...verdicts];
}

function total(hours: readonly HourCounts[]): HourCounts {
  const sum = (of: (hour: HourCounts) => number) => hours.reduce((so, hour) => so + of(hour), 0);
  return {
    partition: 0,
    hour: '',
    records: sum(({ records }) => records),
    rows: sum(({ rows }) => rows),
    documents: sum(({ documents }) => documents),
    deadLetters: {
      'hdfs-sink': sum(({ deadLetters }) => deadLetters['hdfs-sink']),
      'es-sink': sum(({ deadLetters }) => deadLetters['es-sink']),
    },
    duplicates: sum(({ duplicates }) => duplicates),
    conserved: hours.every(({ conserved }) => conserved),
    unique: hours.every(({ unique }) => unique),
    intact: hours.every(({ intact }) => intact),
  };
}

function findingLines({ sink, kind, total: count, examples }: Finding): string[] {
  const shown = examples.length < count ? `, the first ${examples.length}` : '';
  return [`${sink}: ${count} ${kind}${shown}`, ...examples.map((example) => `  ${exampleLine(example)}`)];
}

function exampleLine({ partition, offset, eventId, detail }: Example): string {
  const place = partition === undefined ? [] : [`${partition}:${offset}`];
  return [...place, ...(eventId === undefined ? [] : [eventId]), detail].join('  ');
}

function notJudgedLines({ notJudged: { expired, later } }: AuditReport): string[] {
  return [
    ...(expired > 0 ? [`not judged: ${expired} stored, expired in Kafka`] : []),
    ...(later > 0 ? [`not judged: ${later} stored, produced after the audit began`] : []),
  ];
}

function verdictLine({ topic, conserved, unique, intact, durationMs }: AuditReport): string {
  const words = [
    conserved ? 'conserved' : 'NOT conserved',
    unique ? 'unique' : 'NOT unique',
    intact ? 'intact' : 'NOT intact',
  ];
  return `${topic}: ${words.join(', ')} (${(durationMs / 1_000).toFixed(1)} s)`;
}
