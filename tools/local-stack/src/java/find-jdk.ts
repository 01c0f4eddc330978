import { glob, readFile, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { jdkFeatureVersion } from './jdk-version.ts';
import { chooseJdk, jdkProgram, type Jdk } from './jdk.ts';

/** Where installers put JDKs, on Linux and macOS; `*` stands for one folder name. */
const USUAL_PLACES = [
  '/usr/lib/jvm/*',
  '/usr/java/*',
  '/opt/java/*',
  '/opt/jdk*',
  join(homedir(), '.sdkman/candidates/java/*'),
  join(homedir(), '.jdks/*'),
  join(homedir(), '.local/share/mise/installs/java/*'),
  // What /usr/libexec/java_home looks through.
  '/Library/Java/JavaVirtualMachines/*/Contents/Home',
  join(homedir(), 'Library/Java/JavaVirtualMachines/*/Contents/Home'),
  '/opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home',
  '/usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home',
  '/home/linuxbrew/.linuxbrew/opt/openjdk*/libexec',
];

export interface JdkHints {
  readonly javaHome: string | undefined;
  readonly path: string | undefined;
}

/**
 * Finds a JDK that is new enough: `JAVA_HOME`, then the PATH, then the newest in the usual places.
 * @throws StackError `no-jdk`.
 */
export async function findJdk({ javaHome, path }: JdkHints): Promise<Jdk> {
  const preferred = await inspectAll([...(javaHome ? [javaHome] : []), ...(await homesOnPath(path ?? ''))]);
  const seen = new Set(preferred.map(({ home }) => home));
  const folders: string[] = [];
  for await (const folder of glob(USUAL_PLACES)) folders.push(folder);
  const others = await inspectAll(folders);
  return chooseJdk(
    preferred,
    others.filter(({ home }) => !seen.has(home)),
  );
}

async function homesOnPath(path: string): Promise<string[]> {
  const homes: string[] = [];
  for (const folder of path.split(delimiter).filter((entry) => entry !== '')) {
    const program = await realpath(join(folder, 'java')).catch(() => undefined);
    if (program !== undefined) homes.push(dirname(dirname(program)));
  }
  return homes;
}

async function inspectAll(homes: readonly string[]): Promise<Jdk[]> {
  const found = new Map<string, Jdk>();
  for (const home of homes) {
    const jdk = await inspect(home);
    if (jdk !== undefined) found.set(jdk.home, jdk);
  }
  return [...found.values()];
}

async function inspect(folder: string): Promise<Jdk | undefined> {
  try {
    const home = await realpath(folder);
    const release = await readFile(join(home, 'release'), 'utf8');
    const version = jdkFeatureVersion(release);
    if (version === undefined) return undefined;
    const jdk = { home, version, release, hasCompiler: false };
    return { ...jdk, hasCompiler: await isFile(jdkProgram(jdk, 'javac')) };
  } catch {
    return undefined;
  }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
}
