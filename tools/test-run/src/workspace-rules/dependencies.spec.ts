import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { readIfThere, WORKSPACE } from '../workspace.ts';

interface Overrides {
  readonly [name: string]: string | Overrides;
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly overrides?: Overrides;
}

const projects = [
  ...['apps', 'libs', 'tools'].flatMap((kind) =>
    readdirSync(join(WORKSPACE, kind)).map((name) => `${kind}/${name}`),
  ),
  'bench',
];
const manifest = (...path: string[]) => JSON.parse(readIfThere(...path, 'package.json') ?? '{}') as Manifest;
const rootManifest = manifest();

/** The TypeScript and the style sheets of a project, file by file. */
function sources(project: string): string[] {
  return readdirSync(join(WORKSPACE, project), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(tsx?|css)$/.test(name) && !/(^|\/)(node_modules|dist)\//.test(name))
    .map((name) => readFileSync(join(WORKSPACE, project, name), 'utf8'));
}

/** Names of the packages that some source imports. */
function importedPackages(code: readonly string[]): string[] {
  const names = code.flatMap((text) => ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName));
  return names.filter((name) => !name.startsWith('.') && !isBuiltin(name)).map(packageOf);
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

describe('the overrides of the workspace', () => {
  it('are plain versions: npm 9, which Debian 13 has, reads neither an alias nor a reference', () => {
    const flat = (overrides: Overrides): string[] =>
      Object.values(overrides).flatMap((value) => (typeof value === 'string' ? value : flat(value)));
    const versions = flat(rootManifest.overrides ?? {});
    expect(versions.length).toBeGreaterThan(0);
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });
});

describe.each(projects)('%s', (project) => {
  const { dependencies = {}, devDependencies = {} } = manifest(project);
  const code = sources(project);

  it('declares every package that it imports', () => {
    const declared = { ...dependencies, ...devDependencies, ...rootManifest.devDependencies };
    expect(importedPackages(code).filter((name) => !(name in declared))).toEqual([]);
  });

  it('uses every package that it declares, itself or as the peer of another one', () => {
    const named = (name: string) =>
      code.some((text) => text.includes(`'${name}'`) || text.includes(`'${name}/`));
    const declared = Object.keys({ ...dependencies, ...devDependencies });
    const peers = new Set(
      declared.flatMap((name) => Object.keys(manifest('node_modules', name).peerDependencies ?? {})),
    );
    const unused = declared.filter((name) => !named(name) && !peers.has(name) && !name.startsWith('@types/'));
    expect(unused).toEqual([]);
  });

  it('pins exact versions', () => {
    const versions = Object.entries({ ...dependencies, ...devDependencies, ...rootManifest.devDependencies });
    const loose = versions.filter(
      ([name, range]) => !(name.startsWith('@pipeline/') ? range === '*' : /^\d/.test(range)),
    );
    expect(loose).toEqual([]);
  });

  it('has a reason for each runtime dependency in docs/decisions/0001-dependencies.md', () => {
    const record = readIfThere('docs/decisions/0001-dependencies.md') ?? '';
    const external = Object.keys(dependencies).filter((name) => !name.startsWith('@pipeline/'));
    expect(external.filter((name) => !record.includes(`\`${name}\``))).toEqual([]);
  });
});
