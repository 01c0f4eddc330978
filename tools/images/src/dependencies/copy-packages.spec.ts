import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { copyPackages } from './copy-packages.ts';
import { neededPackages } from './needed-packages.ts';

let folder: string;
let workspace: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copy-packages-'));
  workspace = join(folder, 'workspace');
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(path: string, content: object | string = ''): void {
  const target = join(workspace, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, typeof content === 'string' ? content : JSON.stringify(content));
}

function link(name: string, project: string): void {
  const target = join(workspace, 'node_modules', name);
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(join(workspace, project), target);
}

/** An app on a library of the workspace, each with a package that the other has in another version. */
function installApp(): void {
  file('apps/sink/package.json', {
    dependencies: { '@own/lib': '*', left: '1' },
    devDependencies: { '@own/testing': '*' },
  });
  file('libs/lib/package.json', { dependencies: { left: '2' } });
  file('libs/lib/node_modules/left/package.json', { version: '2' });
  file('libs/testing/package.json', { dependencies: { compiler: '1' } });
  link('@own/lib', 'libs/lib');
  link('@own/testing', 'libs/testing');
  file('node_modules/left/package.json', { version: '1' });
  file('node_modules/compiler/package.json', {});
}

/** Sorted paths of what is in a folder; a link counts as a file. */
function files(root: string, path = ''): string[] {
  return readdirSync(join(root, path), { withFileTypes: true })
    .flatMap((entry) =>
      entry.isDirectory() ? files(root, join(path, entry.name)) : [join(path, entry.name)],
    )
    .sort();
}

const names = () =>
  neededPackages(workspace, 'apps/sink').map(({ link: path }) => path.slice(workspace.length));

describe('what an app needs', () => {
  beforeEach(installApp);

  it('is its dependencies and theirs, each in the version that Node finds', () => {
    expect(names()).toEqual(['/libs/lib/node_modules/left', '/node_modules/@own/lib', '/node_modules/left']);
  });

  it('is not what somebody else needs of its optional peers', () => {
    file('node_modules/left/package.json', {
      peerDependencies: { compiler: '1', runtime: '1' },
      peerDependenciesMeta: { compiler: { optional: true } },
    });
    file('node_modules/runtime/package.json', {});
    expect(names()).toContain('/node_modules/runtime');
    expect(names()).not.toContain('/node_modules/compiler');
  });

  it('is an optional dependency where it is installed', () => {
    file('node_modules/left/package.json', { optionalDependencies: { compiler: '1', 'other-system': '1' } });
    expect(names()).toContain('/node_modules/compiler');
  });

  it('ends where dependencies need each other', () => {
    file('node_modules/left/package.json', { dependencies: { compiler: '1' } });
    file('node_modules/compiler/package.json', { dependencies: { left: '1' } });
    expect(names()).toContain('/node_modules/compiler');
  });

  it('is refused when a part of it is missing', () => {
    file('node_modules/left/package.json', { dependencies: { right: '1' } });
    expect(names).toThrow(/left needs right, which is not installed/);
  });
});

describe('what is copied', () => {
  beforeEach(installApp);

  const copied = () => {
    copyPackages(workspace, 'apps/sink', join(folder, 'app'));
    return files(join(folder, 'app'));
  };

  it('has the layout of the workspace, and of its own projects the manifests', () => {
    file('libs/lib/src/index.ts');
    expect(copied()).toEqual([
      'apps/sink/package.json',
      'libs/lib/node_modules/left/package.json',
      'libs/lib/package.json',
      'node_modules/@own/lib',
      'node_modules/left/package.json',
    ]);
    const manifest = join(folder, 'app/node_modules/@own/lib/package.json');
    expect(JSON.parse(readFileSync(manifest, 'utf8'))).toEqual({ dependencies: { left: '2' } });
  });

  it('leaves out what no program loads, and keeps licences', () => {
    const types = ['index.d.ts', 'index.d.mts', 'license.d.ts', 'tsconfig.tsbuildinfo'];
    for (const name of ['index.js', 'index.js.map', 'README.md', 'LICENSE.md', ...types]) {
      file(`node_modules/left/${name}`);
    }
    expect(copied().filter((path) => path.startsWith('node_modules/left/'))).toEqual([
      'node_modules/left/LICENSE.md',
      'node_modules/left/index.js',
      'node_modules/left/package.json',
    ]);
  });

  it('leaves out packages inside a package, but those that are needed', () => {
    file('node_modules/left/node_modules/stray/package.json', {});
    file('node_modules/left/node_modules/inner/package.json', {});
    file('node_modules/left/package.json', { dependencies: { inner: '1' } });
    const paths = copied();
    expect(paths).toContain('node_modules/left/node_modules/inner/package.json');
    expect(paths.join()).not.toContain('stray');
  });
});
