import { glob, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { acquireLock } from '../stack/process-lock.ts';
import { StackError } from '../stack-error.ts';
import { jarFileName, lockViolations, readLock, type JarLock } from './jar-lock.ts';
import { copyDependencies, type MavenCopy } from './maven.ts';
import { writeMavenProject } from './maven-project.ts';
import { measureContents, measureSizes } from './measure-jars.ts';
import { type JarSet } from './server-jars.ts';

/** Told while jars arrive; `done` and `total` are bytes. */
export interface DownloadProgress {
  start(totalBytes: number): void;
  advance(doneBytes: number, fileName: string): void;
  end(): void;
}

/** For callers without a terminal. */
export const NO_PROGRESS: DownloadProgress = {
  start: () => undefined,
  advance: () => undefined,
  end: () => undefined,
};

/** Where locks and jars come from; Maven and the committed files, but in specs. */
export interface JarSources {
  readonly readLock: (server: JarSet) => Promise<JarLock>;
  readonly copyDependencies: (copy: MavenCopy) => Promise<void>;
}

const INCOMING = 'incoming-';

export type JarFolders<Set extends JarSet = JarSet> = Readonly<Record<Set, string>>;

/**
 * The jars of each server, in one folder per server and lock. Sizes are compared at every start (a few milliseconds);
 * SHA-256 of every jar when the folder is filled, before it gets its name. A folder that fails is fetched anew. When
 * nothing is missing, neither Maven nor the network is touched.
 */
export class JarCache {
  private readonly folder: string;
  private readonly progress: DownloadProgress;
  private readonly sources: JarSources;

  constructor(
    cacheFolder: string,
    progress: DownloadProgress,
    sources: JarSources = { readLock, copyDependencies },
  ) {
    this.folder = join(cacheFolder, 'jars');
    this.progress = progress;
    this.sources = sources;
  }

  /** @throws StackError `no-maven`, `download-failed` or `checksum-mismatch`. */
  async folders<Set extends JarSet>(servers: readonly Set[]): Promise<JarFolders<Set>> {
    const locks = await Promise.all(servers.map(this.sources.readLock));
    if ((await this.incomplete(locks)).length > 0) await this.fillAlone(locks);
    return Object.fromEntries(locks.map((lock) => [lock.server, this.folderOf(lock)])) as JarFolders<Set>;
  }

  private folderOf({ server, id }: JarLock): string {
    return join(this.folder, `${server}-${id}`);
  }

  private async incomplete(locks: readonly JarLock[]): Promise<JarLock[]> {
    const checked = await Promise.all(
      locks.map(async (lock) => ({
        lock,
        violations: lockViolations(lock.jars, await measureSizes(this.folderOf(lock))),
      })),
    );
    return checked.filter(({ violations }) => violations.length > 0).map(({ lock }) => lock);
  }

  /** Of two starts at once the second waits here and then finds everything in place. */
  private async fillAlone(locks: readonly JarLock[]): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const lock = await acquireLock(join(this.folder, 'filling.json'), { waitMs: 30 * 60_000 });
    try {
      const incomplete = await this.incomplete(locks);
      if (incomplete.length > 0) await this.fill(incomplete);
    } finally {
      await lock.release();
    }
  }

  private async fill(locks: readonly JarLock[]): Promise<void> {
    // Of a download that was interrupted.
    for await (const left of glob(join(this.folder, `${INCOMING}*`)))
      await rm(left, { recursive: true, force: true });
    const work = await mkdtemp(join(this.folder, INCOMING));
    try {
      await this.fetch(work, locks);
      for (const lock of locks) await this.install(lock, join(work, lock.server, 'target', 'dependency'));
    } finally {
      this.progress.end();
      await rm(work, { recursive: true, force: true });
    }
  }

  private async fetch(work: string, locks: readonly JarLock[]): Promise<void> {
    const sizes = new Map(locks.flatMap(({ jars }) => jars.map((jar) => [jarFileName(jar), jar.bytes])));
    let doneBytes = 0;
    await writeMavenProject(
      work,
      locks.map(({ server, jars }) => ({
        name: server,
        artifacts: jars.map(({ artifact }) => artifact),
        transitive: false,
      })),
    );
    await this.sources.copyDependencies({
      projectFolder: work,
      layout: 'flat',
      onRunning: () => this.progress.start([...sizes.values()].reduce((sum, bytes) => sum + bytes, 0)),
      onJar: (name) => this.progress.advance((doneBytes += sizes.get(name) ?? 0), name),
    });
  }

  private async install(lock: JarLock, arrived: string): Promise<void> {
    const violations = lockViolations(lock.jars, await measureContents(arrived));
    if (violations.length > 0) {
      throw new StackError(
        'checksum-mismatch',
        `Jars of ${lock.server} are not the ones that were locked:\n${violations.map((line) => `  ${line}`).join('\n')}\n` +
          'Remove them from the local Maven repository (~/.m2/repository), check the mirror, and start again.',
      );
    }
    // A rename is atomic: whoever sees the folder sees all of it. A broken one goes aside first; a server that still
    // runs from it keeps its open files.
    const target = this.folderOf(lock);
    await rename(target, join(arrived, '..', 'replaced')).catch(ignoreMissing);
    await rename(arrived, target);
  }
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
