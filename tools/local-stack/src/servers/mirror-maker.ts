import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bareEnvironment } from '../apps/app-definitions.ts';
import { type JavaRuntime } from '../java/java-runtime.ts';
import { type PartDefinition } from '../stack/part-definition.ts';
import { log4j2Text } from './config-text.ts';
import { JavaLaunch, SERVER_START_MS, SERVER_STOP_MS } from './server-context.ts';

export interface MirrorMakerRun {
  /** A properties file of MirrorMaker 2, which is used as it is. */
  readonly settingsFile: string;
  /** What that file takes from the environment. */
  readonly environment: Readonly<Record<string, string>>;
}

const HEAP_MB = 384;
// Thousands of lines at each start: every setting of every client, every class that might be a plugin.
const QUIET = [
  'org.apache.kafka.common',
  'org.apache.kafka.clients.consumer.internals.SubscriptionState',
  'org.apache.kafka.connect.runtime.isolation',
];

/** MirrorMaker 2 in its dedicated mode: one worker. `runtime` must have its jars. */
export function mirrorMaker(
  runtime: JavaRuntime,
  stateFolder: string,
  { settingsFile, environment }: MirrorMakerRun,
): PartDefinition {
  const folder = join(stateFolder, 'mirror-maker');
  const logging = join(folder, 'log4j2.properties');
  const launch = new JavaLaunch(runtime, {
    server: 'mirror',
    name: 'mirror-maker',
    mainClass: 'org.apache.kafka.connect.mirror.MirrorMaker',
    heapMb: HEAP_MB,
    options: [`-Dlog4j2.configurationFile=${logging}`, '-Dlog4j2.disable.jmx=true'],
    args: [settingsFile],
  });
  return {
    name: 'mirror-maker',
    startTimeoutMs: SERVER_START_MS,
    stopGraceMs: SERVER_STOP_MS,
    async prepare() {
      await mkdir(folder, { recursive: true });
      await writeFile(logging, log4j2Text({ quiet: QUIET }));
    },
    launch: async () => ({
      ...(await launch.next()),
      environment: { ...bareEnvironment(), ...environment },
    }),
    isReady: (sawLine) => sawLine('Kafka MirrorMaker started'),
    onStopped: () => launch.keepArchive(),
  };
}
