import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JarCache, type JarSources } from './jar-cache.ts';
import { lockId } from './jar-lock.ts';
import { type MavenCopy } from './maven.ts';

const CONTENT = 'the content of a jar';
const sha256 = createHash('sha256').update(CONTENT).digest('hex');
const jars = [{ artifact: 'org.acme:one:1.0', sha256, bytes: CONTENT.length }];
const readLock: JarSources['readLock'] = (server) => Promise.resolve({ server, jars, id: lockId(jars) });

let cacheFolder = '';
let fetches = 0;
beforeEach(async () => {
  fetches = 0;
  cacheFolder = await mkdtemp(join(tmpdir(), 'jar-cache-'));
});
afterEach(() => rm(cacheFolder, { recursive: true, force: true }));

/** Maven that delivers one jar with this content to each module. */
function mavenWith(content: string): JarSources['copyDependencies'] {
  return async ({ projectFolder, onRunning, onJar }: MavenCopy) => {
    fetches++;
    onRunning?.();
    for (const module of (await readdir(projectFolder)).filter((name) => name !== 'pom.xml')) {
      const folder = join(projectFolder, module, 'target', 'dependency');
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'one-1.0.jar'), content);
      onJar?.('one-1.0.jar');
    }
  };
}

function cache(content = CONTENT, told: unknown[] = []): JarCache {
  const progress = {
    start: (totalBytes: number) => void told.push(['start', totalBytes]),
    advance: (doneBytes: number) => void told.push(['advance', doneBytes]),
    end: () => void told.push('end'),
  };
  return new JarCache(cacheFolder, progress, { readLock, copyDependencies: mavenWith(content) });
}

const leftovers = async () =>
  (await readdir(join(cacheFolder, 'jars'))).filter(
    (name) => !name.startsWith('kafka-') && !name.startsWith('hdfs-'),
  );

describe('the cache of jars', () => {
  it('fetches each server’s jars once, tells how far it is, and leaves nothing else behind', async () => {
    const told: unknown[] = [];
    const { kafka, hdfs } = await cache(CONTENT, told).folders(['kafka', 'hdfs']);
    expect(await readFile(join(kafka, 'one-1.0.jar'), 'utf8')).toBe(CONTENT);
    expect(await readdir(hdfs)).toEqual(['one-1.0.jar']);
    expect(told[0]).toEqual(['start', CONTENT.length]);
    expect(told.at(-1)).toBe('end');
    expect(told).toContainEqual(['advance', CONTENT.length]);
    expect(await leftovers()).toEqual([]);
  });

  it('asks nobody when everything is there', async () => {
    await cache().folders(['kafka']);
    const told: unknown[] = [];
    await cache(CONTENT, told).folders(['kafka']);
    expect(fetches).toBe(1);
    expect(told).toEqual([]);
  });

  it('fetches anew what was cut short', async () => {
    const { kafka } = await cache().folders(['kafka']);
    await writeFile(join(kafka, 'one-1.0.jar'), 'cut');
    await cache().folders(['kafka']);
    expect(fetches).toBe(2);
    expect(await readFile(join(kafka, 'one-1.0.jar'), 'utf8')).toBe(CONTENT);
  });

  it('clears away what an interrupted download left', async () => {
    await mkdir(join(cacheFolder, 'jars', 'incoming-abc', 'kafka'), { recursive: true });
    await cache().folders(['kafka']);
    expect(await leftovers()).toEqual([]);
  });

  it('takes no jar whose checksum is not the locked one, though its size is', async () => {
    const forged = cache(CONTENT.toUpperCase());
    await expect(forged.folders(['kafka'])).rejects.toMatchObject({ code: 'checksum-mismatch' });
    await expect(forged.folders(['kafka'])).rejects.toThrow(
      /one-1\.0\.jar has the SHA-256 [0-9a-f]{64} instead of/,
    );
    expect(await readdir(join(cacheFolder, 'jars'))).toEqual([]);
  });

  it('is filled by one of two starts at once; the other one waits and uses it', async () => {
    const folders = await Promise.all([cache().folders(['kafka']), cache().folders(['kafka'])]);
    expect(fetches).toBe(1);
    expect(folders[0]).toEqual(folders[1]);
  });
});
