import { readdir, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { type JarFolders } from '../jars/jar-cache.ts';
import { type JarSet, type ServerName } from '../jars/server-jars.ts';
import { ClassArchive } from './class-archive.ts';
import { jdkProgram, type Jdk } from './jdk.ts';

/** From this version on a JVM warns about `sun.misc.Unsafe`, which Hadoop and Kafka use, unless it is allowed. */
const UNSAFE_OPTION_SINCE = 23;

/** What every Java process of the stack is made from. */
export interface JavaRuntime {
  readonly jdk: Jdk;
  /** Of the servers, and of what else was asked for. */
  readonly jars: JarFolders<ServerName> & Partial<JarFolders>;
  readonly launcherJar: string;
  readonly cacheFolder: string;
}

export interface JavaProgram {
  /** Whose jars are on the class path, and which of them are not. */
  readonly server: JarSet;
  readonly withoutJars?: RegExp;
  /** Names the program's class archive. */
  readonly name: string;
  readonly mainClass: string;
  readonly args: readonly string[];
  readonly heapMb: number;
  readonly options?: readonly string[];
  /** Its standard input is for itself, so it does not end with the process that starts it. */
  readonly readsInput?: boolean;
}

export interface JavaCommand {
  readonly command: string;
  readonly args: string[];
  readonly archive: ClassArchive;
}

/** The command line of a Java program that ends with the process that starts it, unless it reads its input. */
export async function javaCommand(runtime: JavaRuntime, program: JavaProgram): Promise<JavaCommand> {
  const { jdk, jars, launcherJar, cacheFolder } = runtime;
  const folder = jars[program.server];
  if (folder === undefined) throw new Error(`The jars of ${program.server} were not asked for`);
  // In the same order on every file system: a class archive is bound to it.
  const names = (await readdir(folder)).filter((name) => program.withoutJars?.test(name) !== true).sort();
  const classPath = [launcherJar, ...names.map((name) => join(folder, name))].join(delimiter);
  const fixed = [...commonOptions(jdk, program.heapMb), '-cp', classPath];
  const { mtimeMs } = await stat(folder);
  const identity = [jdk.home, jdk.release, ...fixed, String(mtimeMs)];
  const archive = new ClassArchive(join(cacheFolder, 'class-archives'), program.name, identity);
  return {
    command: jdkProgram(jdk, 'java'),
    args: [
      ...(await archive.options()),
      ...(program.options ?? []),
      ...fixed,
      ...(program.readsInput === true ? [] : ['Guarded']),
      program.mainClass,
      ...program.args,
    ],
    archive,
  };
}

function commonOptions(jdk: Jdk, heapMb: number): string[] {
  return [
    `-Xmx${heapMb}m`,
    // Small heaps on few cores: least memory and threads.
    '-XX:+UseSerialGC',
    '-XX:+ExitOnOutOfMemoryError',
    '-XX:-UsePerfData',
    // Notes about class archives would mix with the servers' own log lines.
    '-Xlog:disable',
    '-Djava.net.preferIPv4Stack=true',
    '-Djava.awt.headless=true',
    '--enable-native-access=ALL-UNNAMED',
    ...(jdk.version >= UNSAFE_OPTION_SINCE ? ['--sun-misc-unsafe-memory-access=allow'] : []),
  ];
}
