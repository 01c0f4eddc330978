import { ofEachSink, SINK_NAMES } from '@pipeline/event-schema';
import { printable } from '@pipeline/config';
import Table from 'cli-table3';
import { type AuditReport } from '../report/audit-report.ts';
import { type Example, type Finding } from '../report/findings.ts';
import { type Copy, type DifferingCopies } from '../ledger/id-copies.ts';
import { type HourCounts, type Verdicts } from '../report/hour-counts.ts';

/** Narrow enough for 80 columns. Pairs of numbers: HDFS, then Elasticsearch. */
const COLUMNS = [
  'p',
  'hour (UTC)',
  'records',
  'rows',
  'documents',
  'letters',
  'waiting',
  'same id',
  'verdict',
];
const BARE = Object.fromEntries(
  [
    ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
    ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'],
  ].map((name) => [name, '']),
);

/** The report as a person reads it. */
export function reportLines(report: AuditReport): string[] {
  return [
    tableOf(report.hours),
    ...report.findings.flatMap(findingLines),
    ...copiesLines(report.copies),
    ...notJudgedLines(report),
    verdictLine(report),
  ];
}

function tableOf(hours: readonly HourCounts[]): string {
  const table = new Table({
    head: COLUMNS,
    chars: { ...BARE, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const hour of hours) table.push(cells(hour));
  if (hours.length > 1) table.push(['all', '', ...cells(total(hours)).slice(2)]);
  return table.toString();
}

function cells(row: HourCounts): (string | number)[] {
  const { partition, hour, records, rows, documents, deadLetters, waiting, duplicates } = row;
  const day = hour.slice(0, 13).replace('T', ' ');
  return [
    partition,
    day,
    records,
    rows,
    documents,
    ofSinks(deadLetters),
    ofSinks(waiting),
    duplicates,
    words(row),
  ];
}

function ofSinks(counts: HourCounts['waiting']): string {
  return SINK_NAMES.map((sink) => counts[sink]).join('/');
}

/** What of an hour is broken; else whether everything is stored. */
function words({ conserved, unique, intact, waiting }: HourCounts): string {
  const broken = brokenPromises({ conserved, unique, intact });
  if (broken.length > 0) return broken.join('\n');
  return SINK_NAMES.some((sink) => waiting[sink] > 0) ? 'holds so far' : 'holds';
}

function total(hours: readonly HourCounts[]): HourCounts {
  const sum = (of: (hour: HourCounts) => number) => hours.reduce((so, hour) => so + of(hour), 0);
  return {
    partition: 0,
    hour: '',
    records: sum(({ records }) => records),
    rows: sum(({ rows }) => rows),
    documents: sum(({ documents }) => documents),
    deadLetters: ofEachSink((sink) => sum(({ deadLetters }) => deadLetters[sink])),
    waiting: ofEachSink((sink) => sum(({ waiting }) => waiting[sink])),
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
  return [...place, ...(eventId === undefined ? [] : [printable(eventId)]), printable(detail)].join('  ');
}

function copiesLines({ total: count, examples }: DifferingCopies): string[] {
  if (count === 0) return [];
  const shown = examples.length < count ? `, the first ${examples.length}` : '';
  return [
    `ids under which Kafka has different events: ${count}${shown}`,
    ...examples.map(({ eventId, copies, first, document }) => {
      const shows = document === undefined ? 'nothing' : place(document);
      const all = copies.map((copy) => `${place(copy)} received ${printable(copy.receivedAt ?? 'unknown')}`);
      return `  ${printable(eventId)}  ${all.join(', ')}; Hive's view shows ${place(first)}, Elasticsearch ${shows}`;
    }),
  ];
}

function place({ partition, offset }: Copy): string {
  return `${partition}:${offset}`;
}

function notJudgedLines({ notJudged: { expired, later }, foreignLetters }: AuditReport): string[] {
  const foreign = SINK_NAMES.reduce((sum, sink) => sum + foreignLetters[sink], 0);
  return [
    ...(expired > 0 ? [`not judged: ${expired} stored, expired in Kafka`] : []),
    ...(later > 0 ? [`not judged: ${later} stored, produced after the audit began`] : []),
    ...(foreign > 0
      ? [`not judged: ${foreign} in the dead-letter topics that are no letters of these records`]
      : []),
  ];
}

function brokenPromises({ conserved, unique, intact }: Verdicts): string[] {
  return [
    ...(conserved ? [] : ['NOT conserved']),
    ...(unique ? [] : ['NOT unique']),
    ...(intact ? [] : ['NOT intact']),
  ];
}

function verdictLine({ topic, verdict, underWay, durationMs, ...promises }: AuditReport): string {
  const under = underWay > 0 ? ` (${underWay} under way)` : '';
  const why = verdict === 'broken' ? brokenPromises(promises).join(', ') : 'conserved, unique, intact';
  return `${printable(topic)}: ${verdict}${under}: ${why} (${(durationMs / 1_000).toFixed(1)} s)`;
}
