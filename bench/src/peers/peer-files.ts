import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheFolder } from '@pipeline/local-stack';

const HASH_LENGTH = 12;

/** A file of `bench/peers`. */
export function peerFile(...path: string[]): string {
  return join(import.meta.dirname, '../../peers', ...path);
}

export interface PeerBuildPlan {
  readonly name: string;
  /** The files that it is made of; when one changes, it is built anew. */
  readonly sources: readonly string[];
  /** Fills the folder. */
  readonly build: (folder: string) => Promise<void>;
  /** Default: the user's. */
  readonly cache?: string;
}

/** What is built once, into the cache. */
export class PeerBuild {
  readonly folder: string;

  constructor(private readonly plan: PeerBuildPlan) {
    const { name, sources, cache = cacheFolder() } = plan;
    const hash = createHash('sha256');
    for (const source of sources) hash.update(readFileSync(source));
    this.folder = join(cache, 'peers', `${name}-${hash.digest('hex').slice(0, HASH_LENGTH)}`);
  }

  /** The folder gets its name when the build has succeeded; from then on nothing is done. */
  async once(): Promise<void> {
    if (existsSync(this.folder)) return;
    await mkdir(dirname(this.folder), { recursive: true });
    const work = await mkdtemp(`${this.folder}-`);
    try {
      await this.plan.build(work);
      await rename(work, this.folder);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }
}
