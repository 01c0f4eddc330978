import { loadOrExit } from '@pipeline/config';
import { TOPICS } from '@pipeline/event-schema';
import { program } from 'commander';
import { auditSettings } from './audit.config.ts';
import { audit } from './audit.ts';
import { instant, seconds } from './console/parse-arguments.ts';
import { progressBars } from './console/progress-bars.ts';
import { reportLines } from './console/report-lines.ts';
import { exitCode } from './report/audit-report.ts';

/** Exit code when no verdict could be given, to tell it from a bad one. */
const NO_VERDICT = 2;

interface Options {
  readonly topic: string;
  readonly from?: Date;
  readonly to?: Date;
  readonly wait?: number;
  readonly json?: true;
}

async function run({ topic, from, to, wait: waitMs, json }: Options): Promise<void> {
  const settings = loadOrExit(auditSettings);
  const progress = process.stderr.isTTY ? progressBars() : undefined;
  try {
    const report = await audit({ settings, topic, from, to, waitMs, progress });
    console.log(json ? JSON.stringify(report, undefined, 2) : reportLines(report).join('\n'));
    process.exitCode = exitCode(report);
  } catch (error) {
    console.error(`No verdict: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = NO_VERDICT;
  }
}

await program
  .name('npm run audit --')
  .description('Compares what Kafka holds with HDFS, Elasticsearch and the dead letters.')
  .option('--topic <name>', 'the topic', TOPICS.selectColor.name)
  .option('--from <instant>', 'judge records appended from here, ISO-8601', instant)
  .option('--to <instant>', 'judge records appended before this, ISO-8601', instant)
  .option('--wait <seconds>', 'first wait until both sinks have committed everything', seconds)
  .option('--json', 'print the whole report as JSON')
  .action(run)
  .parseAsync();
