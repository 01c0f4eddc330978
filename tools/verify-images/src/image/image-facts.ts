import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type ImageName, imageTag, WORKSPACE } from '@pipeline/images';
import { type ContainerEngine } from '../engine/container-engine.ts';
import { BASE_IMAGE } from '../engine/stand-in-base.ts';

/** The tag that is built and run. */
export const TAG = 'dev';

/** What is known of a built image. */
export interface ImageFacts {
  readonly name: ImageName;
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  /** `NAME=value`, as the image sets them. */
  readonly environment: readonly string[];
  /** Empty where the image has none. */
  readonly healthcheck: readonly string[];
  readonly workingFolder: string;
  readonly stopSignal: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly bytesOverBase: number;
  /** Absolute paths of the files and links that the base does not have. */
  readonly files: readonly string[];
}

interface Inspection {
  readonly Size: number;
  readonly Healthcheck?: { readonly Test: readonly string[] };
  readonly Config: {
    readonly User?: string;
    readonly Entrypoint?: readonly string[];
    readonly Cmd?: readonly string[];
    readonly Env?: readonly string[];
    readonly WorkingDir?: string;
    readonly StopSignal?: string;
    readonly Labels?: Readonly<Record<string, string>>;
  };
}

export async function imageFacts(engine: ContainerEngine, name: ImageName): Promise<ImageFacts> {
  const image = imageTag(name, TAG);
  const { Config: config, Healthcheck, Size } = await inspect(engine, image);
  const base = await inspect(engine, BASE_IMAGE);
  const known = new Set(await filesOf(engine, BASE_IMAGE));
  return {
    name,
    user: config.User ?? '',
    entrypoint: config.Entrypoint ?? [],
    command: config.Cmd ?? [],
    environment: config.Env ?? [],
    healthcheck: Healthcheck?.Test ?? [],
    workingFolder: config.WorkingDir ?? '/',
    stopSignal: config.StopSignal ?? '',
    labels: config.Labels ?? {},
    bytesOverBase: Size - base.Size,
    files: (await filesOf(engine, image)).filter((path) => !known.has(path)),
  };
}

/** Paths in the workspace of packages that only development needs, and the version, as the lock file has them. */
export interface Expected {
  readonly version: string;
  readonly developmentPackages: ReadonlySet<string>;
}

export function expectedOfImages(): Expected {
  const lock = JSON.parse(readFileSync(join(WORKSPACE, 'package-lock.json'), 'utf8')) as {
    version: string;
    packages: Readonly<Record<string, { readonly dev?: boolean; readonly devOptional?: boolean }>>;
  };
  const development = Object.entries(lock.packages).filter(([, { dev, devOptional }]) => dev ?? devOptional);
  return { version: lock.version, developmentPackages: new Set(development.map(([path]) => path)) };
}

async function inspect(engine: ContainerEngine, image: string): Promise<Inspection> {
  const [inspection] = JSON.parse(await engine.podman('image', 'inspect', image)) as Inspection[];
  if (inspection === undefined) throw new Error(`${image} is not there`);
  return inspection;
}

async function filesOf(engine: ContainerEngine, image: string): Promise<string[]> {
  const root = (await engine.podman('image', 'mount', image)).trim();
  try {
    return await filesBelow(root, '/');
  } finally {
    await engine.podman('image', 'unmount', image);
  }
}

/** A link is a file: where it leads is somewhere else. */
async function filesBelow(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  const lists = entries.map((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(root, path) : Promise.resolve([path]);
  });
  return (await Promise.all(lists)).flat();
}
