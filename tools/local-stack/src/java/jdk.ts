import { join } from 'node:path';
import { StackError } from '../stack-error.ts';

/** Elasticsearch 9 needs it; Kafka 4 and Hadoop 3.5 run on 17 and later. */
export const LEAST_JDK = 21;

/** An installed Java: its folder, its feature version, and whether it has the compiler. */
export interface Jdk {
  readonly home: string;
  readonly version: number;
  readonly hasCompiler: boolean;
  /** Content of its `release` file: changes with every update of the same folder. */
  readonly release: string;
}

/** A program of the JDK, such as `java` or `javac`. */
export function jdkProgram(jdk: Jdk, name: string): string {
  return join(jdk.home, 'bin', name);
}

/**
 * The JDK to use of those that were found, which come in order of preference: `JAVA_HOME`, the PATH, the rest. A
 * preferred one that is good enough wins; otherwise the newest.
 * @throws StackError `no-jdk` with one sentence that says what to do.
 */
export function chooseJdk(preferred: readonly Jdk[], others: readonly Jdk[]): Jdk {
  const usable = ({ version, hasCompiler }: Jdk) => version >= LEAST_JDK && hasCompiler;
  const newest = others.filter(usable).sort((a, b) => b.version - a.version)[0];
  const chosen = preferred.find(usable) ?? newest;
  if (chosen === undefined) throw new StackError('no-jdk', noJdkSentence([...preferred, ...others]));
  return chosen;
}

function noJdkSentence(found: readonly Jdk[]): string {
  const unsuitable = found.map(
    ({ home, version, hasCompiler }) => `${version}${hasCompiler ? '' : ' without javac'} in ${home}`,
  );
  const seen = unsuitable.length === 0 ? 'no Java at all' : unsuitable.join(', ');
  return (
    `The local stack needs a JDK ${LEAST_JDK} or newer and found ${seen}: install one (Temurin from ` +
    'https://adoptium.net, `brew install openjdk`, `sdk install java`) or set JAVA_HOME to the folder of one.'
  );
}
