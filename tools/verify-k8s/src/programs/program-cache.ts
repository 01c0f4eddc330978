import { acquireLock, cacheFolder } from '@pipeline/local-stack';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MODULES } from '../project-paths.ts';
import { build, packageCount, requireGo, sourceFolder } from './go.ts';
import { MODULE_NAMES, type ProgramName, PROGRAMS, programsOf } from './program.ts';
import { versionOf } from './versions.ts';

/** Told while programs are built. */
export interface BuildProgress {
  start(program: ProgramName, packages: number, left: readonly ProgramName[]): void;
  advance(): void;
  end(program: ProgramName, milliseconds: number): void;
}

/** What comes with the sources and is not built: folder in the cache → where it lies in which source. */
const EXTRAS = {
  'keda-crds': { module: 'keda', path: 'config/crd/bases' },
  'kwok-stages': { module: 'kwok', path: 'kustomize/stage' },
} as const;

/**
 * The programs of one set of versions, in a folder of their own outside of the repository. A file that is there is
 * whole: it gets its name when it is ready, so a build that was interrupted goes on with the next program.
 */
export class ProgramCache {
  readonly folder = join(cacheFolder(), `k8s-${versionOf('control-plane')}-${fingerprint()}`);

  program(name: ProgramName): string {
    return join(this.folder, name);
  }

  get crds(): string {
    return join(this.folder, 'keda-crds');
  }

  get stages(): string {
    return join(this.folder, 'kwok-stages');
  }

  constructor(private readonly withKeda: boolean) {}

  get missing(): ProgramName[] {
    return programsOf(this.withKeda).filter((name) => !existsSync(this.program(name)));
  }

  /** Builds what is missing. @throws VerifyError `no-go` or `build-failed`. */
  async fill(progress: BuildProgress): Promise<void> {
    if (this.isFull()) return;
    await requireGo();
    await mkdir(this.folder, { recursive: true });
    // Of two runs at once the second waits here and then finds everything in place.
    const lock = await acquireLock(join(this.folder, 'building.json'), { waitMs: 2 * 3_600_000 });
    try {
      for (const name of Object.keys(EXTRAS) as (keyof typeof EXTRAS)[]) await this.copy(name);
      for (const name of this.missing) await this.build(name, progress);
    } finally {
      await lock.release();
    }
  }

  private isFull(): boolean {
    const extras = Object.keys(EXTRAS).every((name) => existsSync(join(this.folder, name)));
    return extras && this.missing.length === 0;
  }

  private async copy(name: keyof typeof EXTRAS): Promise<void> {
    const target = join(this.folder, name);
    if (existsSync(target)) return;
    const { module, path } = EXTRAS[name];
    const arriving = `${target}.arriving`;
    await rm(arriving, { recursive: true, force: true });
    await cp(join(await sourceFolder(module), path), arriving, { recursive: true });
    await rename(arriving, target);
  }

  private async build(name: ProgramName, progress: BuildProgress): Promise<void> {
    const startedAt = performance.now();
    progress.start(name, await packageCount(PROGRAMS[name]), this.missing);
    const target = this.program(name);
    await build(PROGRAMS[name], `${target}.building`, () => progress.advance());
    await rename(`${target}.building`, target);
    progress.end(name, performance.now() - startedAt);
  }
}

/** Changes with every version of every dependency. */
function fingerprint(): string {
  const hash = createHash('sha256');
  for (const module of MODULE_NAMES) {
    for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(join(MODULES, module, file)));
  }
  return hash.digest('hex').slice(0, 12);
}
