import { ConfigError, environment, printable } from '@pipeline/config';
import { TOPICS } from '@pipeline/event-schema';
import { CommanderError, program } from 'commander';
import { auditSettings } from './audit.config.ts';
import { audit } from './audit.ts';
import { exitCodeOfFailure } from './console/exit-code.ts';
import { instant, seconds } from './console/parse-arguments.ts';
import { printableJson } from './console/printable-json.ts';
import { progressBars } from './console/progress-bars.ts';
import { reportLines } from './console/report-lines.ts';
import { exitCode } from './report/audit-report.ts';

interface Options {
  readonly topic: string;
  readonly from?: Date;
  readonly to?: Date;
  readonly wait: number;
  readonly json?: true;
  readonly follow?: true;
}

async function run({ follow, topic, from, to, wait: waitMs, json }: Options): Promise<void> {
  if (follow) {
    // Loaded here, since the command needs none of it.
    const { runFollow } = await import('./follow/run-follow.ts');
    return runFollow(environment());
  }
  const settings = auditSettings.load(environment());
  const progress = process.stderr.isTTY ? progressBars() : undefined;
  const report = await audit({ settings, topic, from, to, waitMs, progress });
  console.log(json ? printableJson(report) : reportLines(report).join('\n'));
  process.exitCode = exitCode(report);
}

try {
  await program
    .name('npm run audit --')
    .description('Compares the records in Kafka with HDFS, Elasticsearch and the dead letters.')
    .option('--topic <name>', 'the topic', TOPICS.selectColor.name)
    .option('--from <instant>', 'check records appended at or after this time, ISO-8601', instant)
    .option('--to <instant>', 'check records appended before this time, ISO-8601', instant)
    .option(
      '--wait <seconds>',
      'wait up to this time until both sinks have committed everything',
      seconds,
      30_000,
    )
    .option('--follow', 'check all topics continuously until stopped, with metrics on AUDIT_PORT')
    .option('--json', 'print the whole report as JSON')
    .exitOverride()
    .action(run)
    .parseAsync();
} catch (error) {
  process.exitCode = exitCodeOfFailure(error);
  // Commander has said what is wrong.
  if (error instanceof ConfigError) console.error(error.message);
  else if (!(error instanceof CommanderError)) {
    console.error(`No verdict: ${printable(error instanceof Error ? error.message : String(error))}`);
  }
}
