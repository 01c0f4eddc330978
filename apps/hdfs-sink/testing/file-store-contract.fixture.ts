import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type FileAttributes } from '../src/hdfs/file-attributes.ts';
import { type FileStore } from '../src/hdfs/file-store.ts';

const ATTRIBUTES: FileAttributes = {
  endOffset: 9_007_199_254_740_993n,
  records: 3,
  firstRecord: 'select-color@7@1763800000000@0123456789abcdef',
  maxTimestampMs: 1_763_800_000_000,
  owner: 'writer "one" — ünï {}&=+%20',
};

/** What every `FileStore` promises; `root` is a folder that the suite may fill. */
export function itKeepsTheFileStoreContract(subject: () => { store: FileStore; root: string }): void {
  const place = (name: string) => {
    const { store, root } = subject();
    const base = `${root}/${randomUUID()}`;
    return {
      store,
      base,
      staging: `${base}/_staging/${name}.tmp`,
      final: `${base}/topic/dt=2026-11-22/hour=09/${name}`,
    };
  };
  const sealed = async (
    store: FileStore,
    path: string,
    attributes = ATTRIBUTES,
    body = Buffer.from('{"a":1}\n'),
  ) => {
    await store.writeNew(path, body);
    await store.seal(path, body.length, attributes);
  };

  describe('file store contract', () => {
    it('publishes a sealed file with its attributes, directories made as needed', async () => {
      const { store, staging, final } = place('a.jsonl');
      await sealed(store, staging);
      expect(await store.publish(staging, final)).toBe('published');
      expect(await store.describe(final)).toEqual({ attributes: ATTRIBUTES });
      expect(await store.describe(staging)).toBeUndefined();
    });

    it('takes an empty body and one of several chunks', async () => {
      const { store, staging } = place('sizes');
      for (const size of [0, 1, 3_500_000]) {
        const body = Buffer.alloc(size, 'x');
        await store.writeNew(`${staging}${size}`, body);
        await store.seal(`${staging}${size}`, size, ATTRIBUTES);
      }
    });

    it.each(['append', 'grow'] as const)(
      'lets a staged file grow, also one that is empty: %s',
      async (way) => {
        const { store, staging, final } = place('grown.jsonl');
        await store.writeNew(staging, Buffer.alloc(0));
        await store[way](staging, Buffer.from('{"a":1}\n'));
        await store[way](staging, Buffer.alloc(1_500_000, 'x'));
        await store.seal(staging, 1_500_008, ATTRIBUTES);
        expect(await store.publish(staging, final)).toBe('published');
      },
    );

    it('does not append to what is not there', async () => {
      const { store, staging } = place('nothing');
      await expect(store.append(staging, Buffer.from('1'))).rejects.toMatchObject({ code: 'not-found' });
    });

    it('does not let grow what is not there, or says so at the seal', async () => {
      const { store, staging } = place('nothing');
      const grown = async () => {
        await store.grow(staging, Buffer.from('1'));
        await store.seal(staging, 1, ATTRIBUTES);
      };
      await expect(grown()).rejects.toMatchObject({ code: 'not-found' });
    });

    it('refuses to seal a file of another length', async () => {
      const { store, staging } = place('short');
      await store.writeNew(staging, Buffer.from('12345'));
      await expect(store.seal(staging, 6, ATTRIBUTES)).rejects.toMatchObject({
        code: 'truncated',
      });
      expect(await store.describe(staging)).toEqual({ attributes: undefined });
    });

    it('never replaces a published file', async () => {
      const { store, staging, final } = place('b.jsonl');
      await sealed(store, `${staging}1`, { ...ATTRIBUTES, owner: 'first' });
      await sealed(store, `${staging}2`, { ...ATTRIBUTES, owner: 'second' });
      expect(await store.publish(`${staging}1`, final)).toBe('published');
      expect(await store.publish(`${staging}2`, final)).toBe('already-exists');
      expect((await store.describe(final))?.attributes?.owner).toBe('first');
    });

    it('lets exactly one of several concurrent renames win', async () => {
      const { store, staging, final } = place('race.jsonl');
      const owners = ['a', 'b', 'c', 'd', 'e', 'f'];
      for (const owner of owners) await sealed(store, `${staging}${owner}`, { ...ATTRIBUTES, owner });
      const outcomes = await Promise.all(owners.map((owner) => store.publish(`${staging}${owner}`, final)));
      expect(outcomes.filter((outcome) => outcome === 'published')).toHaveLength(1);
      const winner = owners[outcomes.indexOf('published')];
      expect((await store.describe(final))?.attributes?.owner).toBe(winner);
    });

    it('fails to publish what is not there', async () => {
      const { store, staging, final } = place('missing.jsonl');
      await expect(store.publish(staging, final)).rejects.toMatchObject({ code: 'not-found' });
      expect(await store.describe(final)).toBeUndefined();
    });

    it('lists files and directories, and nothing where there is no directory', async () => {
      const { store, base } = place('list');
      const startedMs = Date.now() - 60_000;
      await store.writeNew(`${base}/one`, Buffer.from('1'));
      await store.writeNew(`${base}/sub/two`, Buffer.from('2'));
      const entries = await store.list(base);
      expect(entries.map(({ name, kind }) => `${kind} ${name}`).sort()).toEqual([
        'directory sub',
        'file one',
      ]);
      expect(entries.find(({ name }) => name === 'one')?.modifiedMs).toBeGreaterThan(startedMs);
      expect(await store.list(`${base}/nowhere`)).toEqual([]);
    });

    it('removes a file and does not mind a missing one', async () => {
      const { store, staging } = place('removed');
      await store.writeNew(staging, Buffer.from('1'));
      await store.remove(staging);
      await store.remove(staging);
      expect(await store.describe(staging)).toBeUndefined();
    });
  });
}
