import { execa } from 'execa';
import { join } from 'node:path';
import { MODULES } from '../project-paths.ts';
import { VerifyError } from '../verify-error.ts';
import { type ModuleName, type Program } from './program.ts';
import { upstream, versionOf } from './versions.ts';

const MISSING =
  'Go is missing, or older than 1.26: it builds Kubernetes from source, once. Get it from https://go.dev/dl.';

/** A static program: no C compiler is needed, and it runs wherever it was built. */
const ENVIRONMENT = { CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false' };

/** @throws VerifyError `no-go`. */
export async function requireGo(): Promise<void> {
  const { failed, stdout } = await execa('go', ['env', 'GOVERSION'], { reject: false });
  const [, minor = '0'] = /^go1\.(\d+)/.exec(stdout ?? '') ?? [];
  if (failed || Number(minor) < 26) throw new VerifyError('no-go', MISSING);
}

/** The folder with the source of a module's upstream project. */
export async function sourceFolder(module: ModuleName): Promise<string> {
  const { stdout } = await execa('go', ['mod', 'download', '-json', upstream(module)], {
    cwd: join(MODULES, module),
    env: ENVIRONMENT,
  });
  return (JSON.parse(stdout) as { Dir: string }).Dir;
}

/** How many packages a program consists of. */
export async function packageCount({ module, source }: Program): Promise<number> {
  const { stdout } = await execa('go', ['list', '-deps', source], {
    cwd: join(MODULES, module),
    env: ENVIRONMENT,
  });
  return stdout.split('\n').length;
}

/**
 * Builds a program into `target`, at the lowest priority: it takes minutes of all processors.
 * @param onPackage told when the compiler begins another package; packages of an earlier build are passed over.
 * @throws VerifyError `build-failed` with what the compiler says.
 */
export async function build(program: Program, target: string, onPackage: () => void): Promise<void> {
  const { module, source } = program;
  const args = ['build', '-v', '-trimpath', '-ldflags', linkerFlags(module), '-o', target, source];
  // A priority that is set later holds for one thread, and the compilers are started by others.
  const options = { cwd: join(MODULES, module), env: ENVIRONMENT, reject: false } as const;
  const building = execa('nice', ['-n', '19', 'go', ...args], options);
  building.stderr.on('data', (chunk: Buffer) => {
    for (const _line of chunk.toString().split('\n').slice(1)) onPackage();
  });
  const { failed, stderr } = await building;
  if (failed) throw new VerifyError('build-failed', `${source} could not be built:\n${lastLines(stderr)}`);
}

/** Without them kube-apiserver says that it is version 0.0.0, and clients believe it. */
function linkerFlags(module: ModuleName): string {
  if (module !== 'control-plane') return '-s -w';
  const version = versionOf(module);
  const [major, minor] = version.slice(1).split('.');
  const facts = { gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' };
  return [
    '-s -w',
    ...Object.entries(facts).map(([name, value]) => `-X ${VERSION_PACKAGE}.${name}=${value}`),
  ].join(' ');
}

const VERSION_PACKAGE = 'k8s.io/component-base/version';

function lastLines(text: string): string {
  return text.split('\n').slice(-20).join('\n');
}
