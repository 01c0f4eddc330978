import { held, type DrillResult } from '../run/drill-result.ts';
import { type Machine } from './machine.ts';
import { count, pauses, seconds } from './result-line.ts';

export interface Report extends Machine {
  readonly seed: number;
  /** Drills that ran at the same time. */
  readonly atOnce: number;
  readonly results: readonly DrillResult[];
  /** Names of the drills that have no result. */
  readonly notRun: readonly string[];
}

/** The last run, for people. */
export function markdownReport(report: Report): string {
  const { results } = report;
  const broken = results.filter((result) => !held(result)).length;
  return [
    '# Fault drills: the last report',
    '',
    'Written by `npm run drill -- --report docs/drills.md`. What a drill is and how to run one:',
    '[apps/pipeline-e2e](../apps/pipeline-e2e/README.md). The longest pause is the longest time in which a group committed',
    'nothing although records waited for it, or Kafka did not answer.',
    '',
    `**${results.length - broken} of ${results.length} held**, ${count(total(results, 'records'))} events, ` +
      `${count(total(results, 'lost'))} lost, ${count(total(results, 'double'))} double` +
      `${report.notRun.length > 0 ? `; ${report.notRun.length} not run` : ''}.`,
    '',
    '|  |  |',
    '| --- | --- |',
    `| started | ${results.map(({ startedAt }) => startedAt).sort()[0] ?? ''} |`,
    `| duration | ${seconds(spanMs(results))}, ${report.atOnce} at once |`,
    `| machine | ${report.processors}, ${report.memoryGib} GiB, ${report.system}; load average ${loads(results)} |`,
    `| versions | Node ${report.node.slice(1)}, ${report.servers}; commit ${report.commit} |`,
    `| seed | ${report.seed}; each drill's own is below |`,
    '',
    '| drill | events | lost | double | dead letters | longest pause | duration | seed | verdict |',
    '| --- | --: | --: | --: | --: | --- | --: | --: | --- |',
    ...results.map(row),
    ...report.notRun.map((name) => `| ${name} |  |  |  |  |  |  |  | not run |`),
    '',
    '## What they did',
    ...results.flatMap(paragraph),
    '',
  ].join('\n');
}

/** From the start of the first to the end of the last. */
function spanMs(results: readonly DrillResult[]): number {
  const starts = results.map(({ startedAt }) => Date.parse(startedAt));
  const ends = results.map(({ durationMs }, index) => starts[index]! + durationMs);
  return results.length === 0 ? 0 : Math.max(...ends) - Math.min(...starts);
}

/** How busy the machine was with everything that ran on it. */
function loads(results: readonly DrillResult[]): string {
  const sorted = results.map(({ loadAverage }) => loadAverage).sort((a, b) => a - b);
  return `${sorted[0] ?? 0} to ${sorted.at(-1) ?? 0}, median ${sorted[Math.floor(sorted.length / 2)] ?? 0}`;
}

function row(result: DrillResult): string {
  const { name, records, lost, double, deadLetters, durationMs, seed } = result;
  const counts = [records, lost, double, deadLetters].map(count);
  const cells = [
    name,
    ...counts,
    pauses(result),
    seconds(durationMs),
    seed,
    held(result) ? 'held' : '**broken**',
  ];
  return `| ${cells.join(' | ')} |`;
}

function paragraph({ name, title, notes, failures }: DrillResult): string[] {
  const lines = [...notes, ...failures.map((failure) => `**${failure}**`)].map((line) => `- ${line}`);
  return ['', `**${name}.** ${title}`, ...(lines.length > 0 ? ['', ...lines] : [])];
}

function total(results: readonly DrillResult[], field: 'records' | 'lost' | 'double'): number {
  return results.reduce((sum, result) => sum + result[field], 0);
}
