import { cpSync, lstatSync, mkdirSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { neededPackages } from './needed-packages.ts';

/** What no program loads: types, what the compiler remembers, maps from compiled code to sources, and texts but the licence. */
const NOT_LOADED = [
  /\.(?:[cm]?tsx?|tsbuildinfo|map)$/i,
  /^(?!licen[cs]e|notice|copying).*\.(?:md|markdown)$/i,
];

/**
 * Copies what a project needs at run time, with the layout of the workspace. Of the workspace's own packages only the
 * manifests: their compiled code comes from the build.
 */
export function copyPackages(workspace: string, project: string, target: string): void {
  copyManifest(workspace, project, target);
  for (const { link, folder } of neededPackages(workspace, project)) {
    const to = join(target, relative(workspace, link));
    if (lstatSync(link).isSymbolicLink()) {
      const own = relative(workspace, folder);
      copyManifest(workspace, own, target);
      mkdirSync(dirname(to), { recursive: true });
      symlinkSync(relative(dirname(to), join(target, own)), to);
    } else {
      copyPackage(folder, to);
    }
  }
}

function copyManifest(workspace: string, project: string, target: string): void {
  cpSync(join(workspace, project, 'package.json'), join(target, project, 'package.json'));
}

/** Without the packages inside it, which are copied where they are needed. */
function copyPackage(folder: string, to: string): void {
  cpSync(folder, to, {
    recursive: true,
    filter: (path) => {
      const name = basename(path);
      if (name === 'node_modules') return false;
      return !NOT_LOADED.some((pattern) => pattern.test(name));
    },
  });
}
