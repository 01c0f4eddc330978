import { CORE_APPS, LAYERS } from '@pipeline/event-schema';
import { loadOrExit, defineSettings } from '@pipeline/config';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { hiveCommand } from './commands/hive-command.ts';
import { kafkaCommand } from './commands/kafka-command.ts';
import { startCommand } from './commands/start-command.ts';
import { complain, say, surviveClosedOutput } from './console/terminal.ts';
import { lockJars } from './jars/lock-jars.ts';
import { JAR_SETS, type JarSet } from './jars/server-jars.ts';
import { localStackSettings, publicPorts } from './local-stack.config.ts';
import { FREE_PORTS } from './ports/stack-ports.ts';
import { WORKSPACE } from './project-paths.ts';
import { StackError } from './stack-error.ts';
import { resetState } from './stack/state-folder.ts';

const USAGE = `Usage: local-stack [start] [--with <layer>,…] [--stack-only] [--free-ports] [--state <folder>]
       local-stack reset [--state <folder>]
       local-stack hive <statements>
       local-stack kafka <tool> [options of the tool]
       local-stack lock [<set> …]`;

async function main(): Promise<number> {
  // The options are those of the tool.
  if (process.argv[2] === 'kafka') return kafkaCommand(process.argv.slice(3));
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'stack-only': { type: 'boolean', default: false },
      with: { type: 'string', multiple: true, default: [] },
      'free-ports': { type: 'boolean', default: false },
      state: { type: 'string', default: join(WORKSPACE, '.local') },
    },
  });
  switch (positionals[0] ?? 'start') {
    case 'start': {
      const settings = loadOrExit(defineSettings(localStackSettings));
      const layers = layersOf(values.with);
      return startCommand({
        stateFolder: values.state,
        ports: values['free-ports'] ? FREE_PORTS : publicPorts(settings),
        brokerCount: settings.kafkaBrokerCount,
        apps: values['stack-only'] ? [] : [...CORE_APPS, ...layers.flatMap((layer) => LAYERS[layer] ?? [])],
        shipsLogs: layers.includes('logs'),
      });
    }
    case 'reset':
      say(await resetState(values.state));
      return 0;
    case 'hive': {
      const { hdfsPort } = loadOrExit(defineSettings(localStackSettings));
      const sql = positionals
        .slice(1)
        .join(' ')
        .replace(/;?\s*$/, '');
      return hiveCommand({ hdfsUrl: `hdfs://localhost:${hdfsPort}`, sql });
    }
    case 'lock':
      await lockJars(positionals.length > 1 ? positionals.slice(1).map(jarSet) : JAR_SETS);
      return 0;
    default:
      complain(USAGE);
      return 2;
  }
}

/** @throws StackError for a set that is none. */
function jarSet(name: string): JarSet {
  const set = JAR_SETS.find((each) => each === name);
  if (set !== undefined) return set;
  throw new StackError('unknown-jar-set', `There is no set ${name}: ${JAR_SETS.join(', ')}.`);
}

/** @throws StackError for a layer that is none. */
function layersOf(lists: readonly string[]): string[] {
  const layers = lists.flatMap((list) => list.split(','));
  const unknown = layers.find((layer) => LAYERS[layer] === undefined);
  if (unknown === undefined) return layers;
  throw new StackError(
    'unknown-layer',
    `There is no layer ${unknown}: --with takes ${Object.keys(LAYERS).join(', ')}.`,
  );
}

surviveClosedOutput();
try {
  process.exitCode = await main();
} catch (error) {
  complain(error instanceof StackError ? error.message : String((error as Error).stack));
  process.exitCode = 1;
}
process.exit();
