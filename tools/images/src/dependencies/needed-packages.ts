import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** One way in which a package is found: `link` is where Node looks for it, `folder` where it is. */
export interface NeededPackage {
  readonly link: string;
  readonly folder: string;
}

/**
 * Everything that a project loads at run time, out of what is installed: its dependencies and theirs. `npm ci --omit=dev`
 * brings more: the development dependencies of workspace packages, and optional peers that something else needs.
 * @throws Error when a dependency is not installed.
 */
export function neededPackages(workspace: string, project: string): NeededPackage[] {
  const needed = new Map<string, NeededPackage>();
  const open = [realpathSync(join(workspace, project))];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const [name, isOptional] of dependenciesOf(folder)) {
      const found = find(name, folder, workspace);
      if (found === undefined && !isOptional)
        throw new Error(`${folder} needs ${name}, which is not installed`);
      if (found === undefined || needed.has(found.link)) continue;
      needed.set(found.link, found);
      open.push(found.folder);
    }
  }
  return [...needed.values()].sort((a, b) => a.link.localeCompare(b.link, 'en'));
}

/** Names, and whether one may be missing. An optional peer is somebody else's to bring. */
function dependenciesOf(folder: string): Map<string, boolean> {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const {
    dependencies = {},
    optionalDependencies = {},
    peerDependencies = {},
    peerDependenciesMeta,
  } = manifest;
  const peers = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta?.[name]?.optional);
  return new Map([
    ...[...Object.keys(dependencies), ...peers].map((name) => [name, false] as const),
    // npm lists what is optional among the dependencies as well.
    ...Object.keys(optionalDependencies).map((name) => [name, true] as const),
  ]);
}

/** Where Node would find a package from a folder, no higher than the workspace. */
function find(name: string, from: string, workspace: string): NeededPackage | undefined {
  const root = realpathSync(workspace);
  for (let folder = from; folder.startsWith(root); folder = dirname(folder)) {
    const link = join(folder, 'node_modules', name);
    if (existsSync(join(link, 'package.json'))) return { link, folder: realpathSync(link) };
  }
  return undefined;
}
