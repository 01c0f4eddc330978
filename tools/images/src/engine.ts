import { COMMANDS, type ImageName, IMAGES, imageTag } from './image.ts';

/** Programs that can build an image, in the order of preference. */
export const ENGINES = ['docker', 'podman', 'buildah'] as const;
export type Engine = (typeof ENGINES)[number];

/** Answers whether a command succeeds; nothing of it is printed. */
export type Succeeds = (command: string, args: readonly string[]) => Promise<boolean>;

export interface BuildRequest {
  readonly name: ImageName;
  readonly tag: string;
  /** Of the product, for the label. */
  readonly version: string;
  /** Of the sources, for the label. */
  readonly revision: string;
  /** Further arguments of the engine, such as `--build-arg` or `--isolation`. */
  readonly extra?: readonly string[];
}

/** The first engine that works: a docker client without a daemon is not one. */
export async function findEngine(succeeds: Succeeds): Promise<Engine | undefined> {
  for (const engine of ENGINES) {
    if (await succeeds(engine, engine === 'buildah' ? ['--version'] : ['info'])) return engine;
  }
  return undefined;
}

/** The arguments that make `engine` build the image; run in the workspace's root. */
export function buildArguments(engine: Engine, request: BuildRequest): string[] {
  const { name, tag, version, revision, extra = [] } = request;
  const values = { APP: name, APP_FOLDER: IMAGES[name], VERSION: version, REVISION: revision };
  return [
    'build',
    // The OCI format has no HEALTHCHECK; docker's own builder knows only one format.
    ...(engine === 'docker' ? [] : ['--format', 'docker', '--layers']),
    ...extra,
    '--file',
    'docker/Dockerfile',
    '--target',
    COMMANDS.includes(name) ? 'command' : 'service',
    ...Object.entries(values).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]),
    '--tag',
    imageTag(name, tag),
    '.',
  ];
}
