import { execa, ExecaError } from 'execa';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { engineFiles } from './engine-files.ts';
import { mountsBelow } from './mounts.ts';

const FOLDER = /^run-(\d+)$/;

/** podman and buildah with images, containers and temporary files of their own: nothing else on the machine is touched. */
export class ContainerEngine {
  /** What a program needs in its environment to work with this storage. */
  readonly environment: Readonly<Record<'TMPDIR', string>> & Readonly<Record<string, string>>;

  private constructor(private readonly folder: string) {
    this.environment = {
      CONTAINERS_STORAGE_CONF: join(folder, 'storage.conf'),
      CONTAINERS_CONF: join(folder, 'containers.conf'),
      BUILDAH_ISOLATION: 'chroot',
      // Kept: the cache that the Dockerfile mounts lies in it.
      TMPDIR: join(dirname(folder), 'tmp'),
    };
  }

  /** A new storage in `parent`; removes those of runs that were killed. */
  static async open(parent: string): Promise<ContainerEngine> {
    await mkdir(parent, { recursive: true });
    for (const name of await readdir(parent)) {
      const pid = FOLDER.exec(name)?.[1];
      if (pid !== undefined && !existsSync(`/proc/${pid}`))
        await new ContainerEngine(join(parent, name)).close();
    }
    const folder = join(parent, `run-${process.pid}`);
    const engine = new ContainerEngine(folder);
    await mkdir(engine.environment.TMPDIR, { recursive: true });
    await mkdir(folder);
    for (const [name, text] of Object.entries(engineFiles(folder))) await writeFile(join(folder, name), text);
    return engine;
  }

  /** A file of this run, such as a log; gone after `close()`. */
  file(name: string): string {
    return join(this.folder, name);
  }

  /** @returns what podman prints. @throws Error with what it complains about. */
  podman(...args: readonly string[]): Promise<string> {
    return this.run('podman', args);
  }

  buildah(...args: readonly string[]): Promise<string> {
    return this.run('buildah', args);
  }

  /** A command that may fail. @returns its exit code. */
  async podmanExitCode(...args: readonly string[]): Promise<number> {
    const { exitCode } = await execa('podman', args, { ...this.options, reject: false });
    return exitCode ?? -1;
  }

  /** Ends and removes everything. */
  async close(): Promise<void> {
    await this.podmanExitCode('rm', '--all', '--force', '--time', '0');
    const mounts = mountsBelow(this.folder, await readFile('/proc/self/mountinfo', 'utf8'));
    for (const mount of mounts) await execa('umount', [mount], { reject: false });
    await rm(this.folder, { recursive: true, force: true });
  }

  /** conmon writes to where it is started. */
  private get options() {
    return { cwd: this.folder, env: this.environment, stdin: 'ignore' } as const;
  }

  private async run(program: string, args: readonly string[]): Promise<string> {
    try {
      const { stdout } = await execa(program, args, this.options);
      return stdout;
    } catch (error) {
      if (!(error instanceof ExecaError)) throw error;
      const complaint = String(error.stderr).trim().split('\n').at(-1);
      throw new Error(`${program} ${args[0]} ended with ${error.exitCode}: ${complaint}`, { cause: error });
    }
  }
}
