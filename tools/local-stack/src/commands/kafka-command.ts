import { defineSettings, loadOrExit } from '@pipeline/config';
import { kafkaSettings } from '@pipeline/kafka-transport';
import { execa } from 'execa';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadBar } from '../console/download-bar.ts';
import { complain } from '../console/terminal.ts';
import { javaCommand } from '../java/java-runtime.ts';
import { guard } from '../processes/guard.ts';
import { log4j2Text } from '../servers/config-text.ts';
import { prepareRuntime } from '../stack/prepare-runtime.ts';

const PACKAGE = 'org.apache.kafka.tools';

/** Kafka's command-line tools, by the names of their scripts, and the main class of each. */
const TOOLS: Readonly<Record<string, string>> = {
  'console-consumer': `${PACKAGE}.consumer.ConsoleConsumer`,
  'console-producer': `${PACKAGE}.ConsoleProducer`,
  topics: `${PACKAGE}.TopicCommand`,
  groups: `${PACKAGE}.GroupsCommand`,
  'consumer-groups': `${PACKAGE}.consumer.group.ConsumerGroupCommand`,
  'get-offsets': `${PACKAGE}.GetOffsetShell`,
  configs: `${PACKAGE}.ConfigCommand`,
  transactions: `${PACKAGE}.TransactionsCommand`,
  'metadata-quorum': `${PACKAGE}.MetadataQuorumCommand`,
};

const ADDRESS = '--bootstrap-server';
const HEAP_MB = 256;

/**
 * `npm run kafka -- topics --list`: runs one of Kafka's own tools on the brokers of KAFKA_BROKERS, with the input and output of
 * this process. @returns the exit code of the tool.
 */
export async function kafkaCommand([tool = '', ...args]: readonly string[]): Promise<number> {
  const mainClass = TOOLS[tool];
  if (mainClass === undefined) {
    complain(
      `Usage: npm run kafka -- <tool> [options], <tool> being one of ${Object.keys(TOOLS).join(', ')}`,
    );
    return 2;
  }
  const { kafkaBrokers } = loadOrExit(defineSettings(kafkaSettings));
  const runtime = await prepareRuntime(downloadBar("Kafka's tools"), ['kafka-tools']);
  const folder = await mkdtemp(join(tmpdir(), 'pipeline-kafka-'));
  try {
    const logging = join(folder, 'log4j2.properties');
    await writeFile(logging, log4j2Text({ quiet: [], level: 'error', target: 'SYSTEM_ERR' }));
    const {
      command,
      args: all,
      archive,
    } = await javaCommand(runtime, {
      server: 'kafka-tools',
      name: 'kafka-tools',
      mainClass,
      args: withAddress(args, kafkaBrokers),
      heapMb: HEAP_MB,
      options: ['-XX:TieredStopAtLevel=1', `-Dlog4j2.configurationFile=${logging}`],
      readsInput: true,
    });
    const exitCode = await runAtTerminal(command, all);
    await archive.keep();
    return exitCode;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * The arguments with the address of the brokers, unless they name one. It stands first: a tool with subcommands takes it
 * only before them.
 */
export function withAddress(args: readonly string[], brokers: readonly string[]): string[] {
  const isNamed = args.some((arg) => arg.split('=')[0] === ADDRESS);
  return isNamed ? [...args] : [ADDRESS, brokers.join(','), ...args];
}

/** Ctrl-C reaches the tool as well, which says its last lines: this process ends after it. */
async function runAtTerminal(command: string, args: readonly string[]): Promise<number> {
  const ignore = (): void => undefined;
  process.on('SIGINT', ignore);
  try {
    const running = execa(command, args, { stdio: 'inherit', reject: false });
    if (running.pid !== undefined) guard.add(running.pid);
    const { exitCode } = await running;
    if (running.pid !== undefined) guard.remove(running.pid);
    return exitCode ?? 1;
  } finally {
    process.off('SIGINT', ignore);
  }
}
