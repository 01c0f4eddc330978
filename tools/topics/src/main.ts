import { loadOrExit, printable } from '@pipeline/config';
import { allTopics } from '@pipeline/event-schema';
import { kafkaConnection, TopicAdmin } from '@pipeline/kafka-transport';
import { createLogger } from '@pipeline/observability';
import { program } from 'commander';
import { createTopics, diffTopics } from './topic-commands.ts';
import { topicsSettings } from './topics.config.ts';

/** Exit code when Kafka could not be asked, to tell it from a difference. */
const UNREACHABLE = 2;

async function run(command: typeof createTopics): Promise<void> {
  const settings = loadOrExit(topicsSettings);
  const admin = new TopicAdmin(kafkaConnection(settings, 'topics'), createLogger('topics', 'silent'));
  try {
    const { lines, exitCode } = await command(admin, allTopics());
    console.log(lines.map(printable).join('\n'));
    process.exitCode = exitCode;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const brokers = settings.kafkaBrokers.join(',');
    console.error(printable(`Kafka at ${brokers} (KAFKA_BROKERS) gave no answer: ${reason}`));
    process.exitCode = UNREACHABLE;
  } finally {
    await admin.close();
  }
}

program.name('npm run topics --').description('Topics of the pipeline, as libs/event-schema defines them.');
program
  .command('create')
  .description('create the topics that are missing')
  .action(() => run(createTopics));
program
  .command('diff')
  .description(
    'list missing topics, other partition counts and other settings; exit code 1 when there is a difference',
  )
  .action(() => run(diffTopics));
await program.parseAsync();
