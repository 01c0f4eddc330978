import { environment, defineSettings } from '@pipeline/config';
import { cacheFolder } from '../cache-folder.ts';
import { JarCache, NO_PROGRESS, type DownloadProgress } from '../jars/jar-cache.ts';
import { type JarSet, SERVERS } from '../jars/server-jars.ts';
import { findJdk } from '../java/find-jdk.ts';
import { type JavaRuntime } from '../java/java-runtime.ts';
import { launcherJar } from '../java/launcher-jar.ts';
import { machineSettings } from '../local-stack.config.ts';

/** Finds a JDK and has jars in place: those of the servers, and of `others`. @throws StackError. */
export async function prepareRuntime(
  progress: DownloadProgress = NO_PROGRESS,
  others: readonly JarSet[] = [],
): Promise<JavaRuntime> {
  const { javaHome, path } = defineSettings(machineSettings).load(environment());
  const jdk = await findJdk({ javaHome, path });
  const cache = cacheFolder();
  const jars = await new JarCache(cache, progress).folders([...SERVERS, ...others]);
  return { jdk, jars, cacheFolder: cache, launcherJar: await launcherJar(jdk, cache, jars.elasticsearch) };
}
