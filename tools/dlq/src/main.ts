import { loadOrExit } from '@pipeline/config';
import { GROUPS, TOPICS } from '@pipeline/event-schema';
import { type Command, Option, program } from 'commander';
import { type CommandResult } from './command-result.ts';
import { dlqSettings } from './dlq.config.ts';
import { KafkaLetterBox } from './kafka.letter-box.ts';
import { type SinkName } from './letter.ts';
import { listLetters } from './list-letters.ts';
import { codes, instant, position, positiveCount } from './parse-arguments.ts';
import { replayLetters } from './replay-letters.ts';
import { type LetterPosition, showLetter } from './show-letter.ts';

/** Exit code when Kafka could not be asked, or did not take everything. */
const UNREACHABLE = 2;

const SINKS: readonly SinkName[] = [GROUPS.hdfsSink, GROUPS.esSink];

interface Options {
  readonly topic: string;
  readonly sink?: SinkName;
  readonly code?: readonly string[];
  readonly from?: Date;
  readonly to?: Date;
  readonly limit?: number;
  readonly execute?: true;
}

async function run(topic: string, command: (box: KafkaLetterBox) => Promise<CommandResult>): Promise<void> {
  const settings = loadOrExit(dlqSettings);
  const box = new KafkaLetterBox(settings, topic);
  try {
    const { lines, exitCode } = await command(box);
    console.log(lines.join('\n'));
    process.exitCode = exitCode;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.error(`Kafka at ${settings.kafkaBrokers.join(',')} (KAFKA_BROKERS): ${reason}`);
    process.exitCode = UNREACHABLE;
  } finally {
    await box.close();
  }
}

function selectionOf({ sink, code, from, to, limit }: Options, most: number) {
  return { sinks: sink ? [sink] : SINKS, codes: code, from, to, limit: limit ?? most };
}

function withPlace(command: Command): Command {
  return command
    .option('--topic <name>', 'the topic whose records were refused', TOPICS.selectColor.name)
    .addOption(new Option('--sink <name>', 'only of this sink').choices(SINKS));
}

function withFilter(command: Command): Command {
  return withPlace(command)
    .option('--code <code>', 'only with this code; several times or a comma list', codes)
    .option('--from <instant>', 'given up at or after this, ISO-8601', instant)
    .option('--to <instant>', 'given up before this, ISO-8601', instant)
    .option('--limit <count>', 'at most so many', positiveCount);
}

program.name('npm run dlq --').description('Dead letters: what the sinks could not store.');
withFilter(program.command('list').description('one line per dead letter')).action((options: Options) =>
  run(options.topic, (box) => listLetters(box, selectionOf(options, 50))),
);
withPlace(program.command('show').description('headers and bytes of one dead letter'))
  .argument('<partition>:<offset>', 'where it lies in the dead-letter topic, as `list` shows it', position)
  .action((at: LetterPosition, { topic, sink }: Options) =>
    run(topic, (box) => showLetter(box, sink ? [sink] : SINKS, at)),
  );
withFilter(program.command('replay').description('put the original records into their topic again'))
  .option('--execute', 'do it; without, only say what would be done')
  .action((options: Options) => {
    const { topic, execute = false } = options;
    return run(topic, (box) => replayLetters(box, { ...selectionOf(options, Infinity), topic, execute }));
  });
await program.parseAsync();
