import { loadOrExit, printable, type Values } from '@pipeline/config';
import { TOPICS, type SinkName, SINK_NAMES } from '@pipeline/event-schema';
import { type Command, Option, program } from 'commander';
import { type CommandResult } from './command-result.ts';
import { dlqSettings } from './dlq.config.ts';
import { KafkaLetterBox } from './kafka.letter-box.ts';
import { listLetters } from './list-letters.ts';
import { address, codes, instant, position, positiveCount, repairs } from './parse-arguments.ts';
import { CollectorError } from './rejected/collector.ts';
import { HttpCollector } from './rejected/http.collector.ts';
import { KafkaRejectedBox } from './rejected/kafka.rejected-box.ts';
import { listRejected } from './rejected/list-rejected.ts';
import { replayRejected } from './rejected/replay-rejected.ts';
import { showRejected } from './rejected/show-rejected.ts';
import { replayLetters } from './replay-letters.ts';
import { type LetterPosition, showLetter } from './show-letter.ts';

/** Exit code when Kafka or the collector could not be asked, or did not take everything. */
const UNREACHABLE = 2;

interface Options {
  readonly topic: string;
  readonly sink?: SinkName;
  readonly code?: readonly string[];
  readonly from?: Date;
  readonly to?: Date;
  readonly limit?: number;
  readonly execute?: true;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly masked?: true;
  readonly collector: string;
}

type Settings = Values<(typeof dlqSettings)['shape']>;
interface Closable {
  close(): Promise<void>;
}

function run(topic: string, command: (box: KafkaLetterBox) => Promise<CommandResult>): Promise<void> {
  return runWith((settings) => new KafkaLetterBox(settings, topic), command);
}

function runRejected(
  topic: string,
  command: (box: KafkaRejectedBox) => Promise<CommandResult>,
): Promise<void> {
  return runWith((settings) => new KafkaRejectedBox(settings, topic), command);
}

async function runWith<B extends Closable>(
  open: (settings: Settings) => B,
  command: (box: B) => Promise<CommandResult>,
): Promise<void> {
  const settings = loadOrExit(dlqSettings);
  const box = open(settings);
  try {
    const { lines, exitCode } = await command(box);
    console.log(lines.map(printable).join('\n'));
    process.exitCode = exitCode;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const isOurs = error instanceof CollectorError;
    const brokers = settings.kafkaBrokers.join(',');
    console.error(printable(isOurs ? reason : `Kafka at ${brokers} (KAFKA_BROKERS): ${reason}`));
    process.exitCode = UNREACHABLE;
  } finally {
    await box.close();
  }
}

function selectionOf({ sink, code, from, to, limit }: Options, most: number) {
  return { sinks: sink ? [sink] : SINK_NAMES, codes: code, from, to, limit: limit ?? most };
}

function withPlace(command: Command): Command {
  return command
    .option('--topic <name>', 'topic whose records were refused', TOPICS.selectColor.name)
    .addOption(new Option('--sink <name>', 'only of this sink').choices(SINK_NAMES));
}

function withFilter(command: Command): Command {
  return withPlace(command)
    .option('--code <code>', 'only with this code; may be repeated, or a comma list', codes)
    .option('--from <instant>', 'dead-lettered at or after this time, ISO-8601', instant)
    .option('--to <instant>', 'dead-lettered before this time, ISO-8601', instant)
    .option('--limit <count>', 'at most so many', positiveCount);
}

program
  .name('npm run dlq --')
  .description(
    'Lists and replays records that the sinks could not store, and events that the collectors refused.',
  );
withFilter(program.command('list').description('one line per dead letter')).action((options: Options) =>
  run(options.topic, (box) => listLetters(box, selectionOf(options, 50))),
);
withPlace(program.command('show').description('headers and bytes of one dead letter'))
  .argument('<partition>:<offset>', 'its position in the dead-letter topic, as `list` prints it', position)
  .action((at: LetterPosition, { topic, sink }: Options) =>
    run(topic, (box) => showLetter(box, sink ? [sink] : SINK_NAMES, at)),
  );
withFilter(program.command('replay').description('send the original records to their topic again'))
  .option('--execute', 'send them; without this option only print what would be sent')
  .action((options: Options) => {
    const { topic, execute = false } = options;
    return run(topic, (box) => replayLetters(box, { ...selectionOf(options, Infinity), topic, execute }));
  });

function withRejectedFilter(command: Command): Command {
  return command
    .option('--topic <name>', 'topic of the events', TOPICS.selectColor.name)
    .option('--code <code>', 'only with this code; may be repeated, or a comma list', codes)
    .option('--from <instant>', 'received at or after this time, ISO-8601', instant)
    .option('--to <instant>', 'received before this time, ISO-8601', instant)
    .option('--limit <count>', 'at most so many', positiveCount);
}

function filterOf({ code, from, to, limit }: Options, most: number) {
  return { codes: code, from, to, limit: limit ?? most };
}

const rejected = program.command('rejected').description('list and replay events that a collector refused');
withRejectedFilter(rejected.command('list').description('one line per event')).action((options: Options) =>
  runRejected(options.topic, (box) => listRejected(box, filterOf(options, 50))),
);
rejected
  .command('show')
  .description('everything that is kept of one event')
  .argument('<partition>:<offset>', 'its position, as `list` prints it', position)
  .option('--topic <name>', 'topic of the event', TOPICS.selectColor.name)
  .action((at: LetterPosition, { topic }: Options) => runRejected(topic, (box) => showRejected(box, at)));
withRejectedFilter(rejected.command('replay').description('send events to a collector again'))
  .option('--set <field>=<value>', 'set this field to this value; may be repeated', repairs)
  .option('--masked', 'also events with masked names')
  .option('--collector <address>', 'URL of the collector', address, 'http://localhost:3001/v1/events')
  .option('--execute', 'send them; without this option only print what would be sent')
  .action((options: Options) => {
    const { topic, set = {}, masked = false, execute = false, collector } = options;
    const replay = { ...filterOf(options, Infinity), repairs: set, takesMasked: masked, execute };
    return runRejected(topic, (box) => replayRejected(box, new HttpCollector(collector), replay));
  });
await program.parseAsync();
