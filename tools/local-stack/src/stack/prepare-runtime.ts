import { environment, defineSettings } from '@pipeline/config';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { JarCache, type DownloadProgress } from '../jars/jar-cache.ts';
import { type JarSet, SERVERS } from '../jars/server-jars.ts';
import { findJdk } from '../java/find-jdk.ts';
import { type JavaRuntime } from '../java/java-runtime.ts';
import { launcherJar } from '../java/launcher-jar.ts';
import { machineSettings } from '../local-stack.config.ts';

/** Finds a JDK and has jars in place: those of the servers, and of `others`. @throws StackError. */
export async function prepareRuntime(
  progress: DownloadProgress,
  others: readonly JarSet[] = [],
): Promise<JavaRuntime> {
  const { cacheHome, javaHome, path } = defineSettings(machineSettings).load(environment());
  const jdk = await findJdk({ javaHome, path });
  const cacheFolder = join(cacheHome === '' ? join(homedir(), '.cache') : cacheHome, 'web-event-pipeline');
  const jars = await new JarCache(cacheFolder, progress).folders([...SERVERS, ...others]);
  return { jdk, jars, cacheFolder, launcherJar: await launcherJar(jdk, cacheFolder, jars.elasticsearch) };
}
