import { execa, ExecaError } from 'execa';
import { guard } from '../processes/guard.ts';
import { StackError } from '../stack-error.ts';

const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

export interface MavenCopy {
  readonly projectFolder: string;
  /** `repository`: a folder tree that tells group and version; `flat`: file names only. */
  readonly layout: 'repository' | 'flat';
  /** Called when Maven has been found and runs. */
  readonly onRunning?: () => void;
  /** Called with the file name of each jar that arrives from the network. */
  readonly onJar?: (fileName: string) => void;
}

/**
 * Copies the jars of a Maven project into `<module>/target/dependency` of each module. Maven is the one client that
 * knows the mirrors, proxies and credentials of a locked-down machine.
 * @throws StackError `no-maven` or `download-failed`.
 */
export async function copyDependencies({
  projectFolder,
  layout,
  onRunning,
  onJar,
}: MavenCopy): Promise<void> {
  const options = [`-Dmdep.useRepositoryLayout=${layout === 'repository'}`, '-Dmdep.useBaseVersion=true'];
  const maven = execa('mvn', ['-B', COPY, ...options], { cwd: projectFolder, stdin: 'ignore', all: true });
  const { pid } = maven;
  if (pid !== undefined) {
    guard.add(pid);
    onRunning?.();
  }
  try {
    for await (const line of maven.iterable({ from: 'all' })) {
      const name = downloadedJar(line);
      if (name !== undefined) onJar?.(name);
    }
    await maven;
  } catch (error) {
    throw mavenFailure(error);
  } finally {
    if (pid !== undefined) guard.remove(pid);
  }
}

/** The file name in one of Maven's lines about a finished download of a jar. */
export function downloadedJar(line: string): string | undefined {
  return /Downloaded from \S+: \S+\/([^/\s]+\.jar) /.exec(line)?.[1];
}

function mavenFailure(error: unknown): unknown {
  if (!(error instanceof ExecaError)) return error;
  if (error.code === 'ENOENT') {
    return new StackError(
      'no-maven',
      'The jars of the local stack are not in the cache yet, and there is no Maven (`mvn`) on the PATH to fetch them: install it, for example with `apt-get install maven` or `brew install maven`.',
    );
  }
  const complaints = (error.all ?? '').split('\n').filter((line) => line.startsWith('[ERROR]'));
  return new StackError(
    'download-failed',
    ['Maven could not fetch the jars:', ...complaints.slice(0, 3)].join('\n'),
    {
      cause: error,
    },
  );
}
