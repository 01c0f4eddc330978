import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PeerBuild } from './peer-files.ts';

let cache: string;
let source: string;

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'peer-build-'));
  source = join(cache, 'go.mod');
  writeFileSync(source, 'one');
});
afterEach(() => rmSync(cache, { recursive: true }));

function counted() {
  const builds: string[] = [];
  const build = (folder: string) => {
    builds.push(folder);
    writeFileSync(join(folder, 'program'), `build ${builds.length}`);
    return Promise.resolve();
  };
  return { builds, make: () => new PeerBuild({ name: 'peer', sources: [source], build, cache }) };
}

describe('PeerBuild', () => {
  it('builds once, also for who comes later', async () => {
    const { builds, make } = counted();
    await make().once();
    await make().once();
    expect(builds).toHaveLength(1);
    expect(readFileSync(join(make().folder, 'program'), 'utf8')).toBe('build 1');
  });

  it('builds anew when a file has changed', async () => {
    const { builds, make } = counted();
    await make().once();
    writeFileSync(source, 'two');
    await make().once();
    expect(builds).toHaveLength(2);
    expect(readFileSync(join(make().folder, 'program'), 'utf8')).toBe('build 2');
  });

  it('leaves nothing of a build that failed', async () => {
    const build = () => Promise.reject(new Error('no network'));
    const broken = new PeerBuild({ name: 'peer', sources: [source], build, cache });
    await expect(broken.once()).rejects.toThrow('no network');
    expect(readdirSync(join(cache, 'peers'))).toEqual([]);
  });
});
