import { execa } from 'execa';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { WORKSPACE } from '@pipeline/images';
import { type ContainerEngine } from './container-engine.ts';

/** What docker/Dockerfile builds on. */
export const BASE_IMAGE = 'docker.io/library/node:24-slim';

// The same depth below src and below dist.
const SCRIPT = join(import.meta.dirname, '../../base/make-base.sh');

/** The Node of the workspace: the one that everything else is tested with. */
const NODE = join(WORKSPACE, 'node_modules/node/bin/node');

/** Puts the stand-in for the base into the engine's storage; makes it when the cache has none. @returns which it was. */
export async function loadStandInBase(engine: ContainerEngine, cacheFolder: string): Promise<string> {
  const { stdout: version } = await execa(NODE, ['--version']);
  const archive = join(cacheFolder, `node-${version}-${process.arch}.tar`);
  const isCached = existsSync(archive);
  if (!isCached) {
    await mkdir(dirname(archive), { recursive: true });
    const output = { file: engine.file('base.log') };
    await execa(SCRIPT, [archive, NODE], { env: engine.environment, stdout: output, stderr: output });
  } else {
    await engine.podman('pull', '--quiet', `oci-archive:${archive}`);
  }
  return `Debian bookworm and Node ${version.slice(1)}, ${isCached ? 'from' : 'made and kept in'} ${archive}`;
}
