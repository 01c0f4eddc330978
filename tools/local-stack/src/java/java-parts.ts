import { defineSettings, environment } from '@pipeline/config';
import { cacheFolder } from '../cache-folder.ts';
import { JarCache, NO_PROGRESS } from '../jars/jar-cache.ts';
import { type JarSet } from '../jars/server-jars.ts';
import { machineSettings } from '../local-stack.config.ts';
import { findJdk } from './find-jdk.ts';
import { jdkProgram } from './jdk.ts';

/** What a Java program that is no part of a stack is made from. */
export interface JavaParts {
  readonly java: string;
  readonly javac: string;
  /** Folder of the jars. */
  readonly jars: string;
}

/** Finds a JDK and has the locked jars of a set in place, which Maven fetches the first time. @throws StackError. */
export async function javaParts(set: JarSet): Promise<JavaParts> {
  const { javaHome, path } = defineSettings(machineSettings).load(environment());
  const jdk = await findJdk({ javaHome, path });
  const folders = await new JarCache(cacheFolder(), NO_PROGRESS).folders([set]);
  return { java: jdkProgram(jdk, 'java'), javac: jdkProgram(jdk, 'javac'), jars: folders[set] };
}
