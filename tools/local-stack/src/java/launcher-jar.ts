import { execa } from 'execa';
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFile } from '../project-paths.ts';
import { jdkProgram, LEAST_JDK, type Jdk } from './jdk.ts';

/** Hadoop's daemons look for these on the class path and refuse to start without; the jars on Maven Central have none. */
const WEB_FOLDERS = ['webapps/hdfs/WEB-INF', 'webapps/datanode/WEB-INF', 'webapps/static'];

/** Hadoop's shell insists on finding these, empty or not; our settings come with `-conf`. */
const EMPTY_SETTINGS = ['core-site.xml', 'hdfs-site.xml'];

/**
 * The jar with our few Java classes, compiled once per cache. A jar and no folder, because a class data archive takes
 * no folders on its class path.
 */
export async function launcherJar(jdk: Jdk, cacheFolder: string, elasticsearchJars: string): Promise<string> {
  const names = (await readdir(projectFile('java'))).filter((name) => name.endsWith('.java')).sort();
  const sources = names.map((name) => projectFile('java', name));
  const hash = createHash('sha256').update([elasticsearchJars, ...WEB_FOLDERS, ...EMPTY_SETTINGS].join('\n'));
  for (const source of sources) hash.update(await readFile(source));
  const folder = join(cacheFolder, 'launcher');
  const jar = join(folder, `launcher-${hash.digest('hex').slice(0, 12)}.jar`);
  if (!(await exists(jar))) {
    await mkdir(folder, { recursive: true });
    await compile({ jdk, sources, folder, jar, classPath: join(elasticsearchJars, '*') });
  }
  return jar;
}

interface Compilation {
  readonly jdk: Jdk;
  readonly sources: readonly string[];
  readonly folder: string;
  readonly jar: string;
  readonly classPath: string;
}

async function compile({ jdk, sources, folder, jar, classPath }: Compilation): Promise<void> {
  const work = await mkdtemp(join(folder, 'work-'));
  try {
    const classes = join(work, 'classes');
    for (const web of WEB_FOLDERS) await mkdir(join(classes, web), { recursive: true });
    for (const name of EMPTY_SETTINGS) await writeFile(join(classes, name), '<configuration/>\n');
    const options = [
      '--release',
      String(LEAST_JDK),
      '-proc:none',
      '-nowarn',
      '-d',
      classes,
      '-cp',
      classPath,
    ];
    await execa(jdkProgram(jdk, 'javac'), [...options, ...sources]);
    await execa(jdkProgram(jdk, 'jar'), [
      '--create',
      '--file',
      join(work, 'launcher.jar'),
      '-C',
      classes,
      '.',
    ]);
    await rename(join(work, 'launcher.jar'), jar);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
