import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type FileAttributes } from '../src/hdfs/file-attributes.ts';
import { type JoiningFileStore } from '../src/hdfs/file-store.ts';

const ATTRIBUTES: FileAttributes = {
  endOffset: 8n,
  records: 3,
  firstRecord: 'select-color@7@1763800000000@0123456789abcdef',
  maxTimestampMs: 1_763_800_000_000,
  owner: 'one',
};

/** What compaction needs of a store; `root` is a folder that the suite may fill. */
export function itKeepsTheJoiningContract(subject: () => { store: JoiningFileStore; root: string }): void {
  const folderOf = async (bodies: Readonly<Record<string, string>>) => {
    const { store, root } = subject();
    const folder = `${root}/${randomUUID()}`;
    for (const [name, body] of Object.entries(bodies)) {
      await store.writeNew(`${folder}/${name}`, Buffer.from(body));
      await store.seal(`${folder}/${name}`, body.length, ATTRIBUTES);
    }
    return { store, folder };
  };
  const content = async (store: JoiningFileStore, path: string) => {
    const parts: Buffer[] = [];
    for await (const part of store.read(path)) parts.push(part);
    return Buffer.concat(parts).toString();
  };
  const names = async (store: JoiningFileStore, folder: string) =>
    (await store.list(folder)).map(({ name }) => name).sort();

  describe('joining contract', () => {
    it('joins files in the order given, keeps the attributes of the first, and removes the others', async () => {
      const { store, folder } = await folderOf({ a: '1\n', b: '2\n', c: '3\n', d: '4\n' });
      await store.join(`${folder}/a`, [`${folder}/c`, `${folder}/b`]);
      expect(await content(store, `${folder}/a`)).toBe('1\n3\n2\n');
      expect(await names(store, folder)).toEqual(['a', 'd']);
      expect(await store.describe(`${folder}/a`)).toEqual({ attributes: ATTRIBUTES });
    });

    it('joins to a file without content, and to one that was joined before', async () => {
      const { store, folder } = await folderOf({ a: '', b: '2\n', c: '3\n' });
      await store.join(`${folder}/a`, [`${folder}/b`]);
      await store.join(`${folder}/a`, [`${folder}/c`]);
      expect(await content(store, `${folder}/a`)).toBe('2\n3\n');
    });

    it('joins nothing when one of the files is missing', async () => {
      const { store, folder } = await folderOf({ a: '1\n', b: '2\n' });
      const joining = store.join(`${folder}/a`, [`${folder}/b`, `${folder}/missing`]);
      await expect(joining).rejects.toMatchObject({ code: 'not-found' });
      expect(await names(store, folder)).toEqual(['a', 'b']);
      expect(await content(store, `${folder}/a`)).toBe('1\n');
    });

    it('refuses a source without content, and joins nothing', async () => {
      const { store, folder } = await folderOf({ a: '1\n', b: '', c: '3\n' });
      const joining = store.join(`${folder}/a`, [`${folder}/c`, `${folder}/b`]);
      await expect(joining).rejects.toMatchObject({ code: 'unsupported' });
      expect(await content(store, `${folder}/a`)).toBe('1\n');
    });

    it('replaces attributes, and a whole file with its attributes', async () => {
      const { store, folder } = await folderOf({ a: '1\n', b: '2\n' });
      await store.relabel(`${folder}/b`, { ...ATTRIBUTES, endOffset: 9n, pieces: 2 });
      await store.replace(`${folder}/b`, `${folder}/a`);
      expect(await names(store, folder)).toEqual(['a']);
      expect(await content(store, `${folder}/a`)).toBe('2\n');
      const { attributes } = (await store.describe(`${folder}/a`))!;
      expect(attributes).toEqual({ ...ATTRIBUTES, endOffset: 9n, pieces: 2 });
    });

    it('says how long files are, and when a folder changed', async () => {
      const startedMs = Date.now() - 60_000;
      const { store, folder } = await folderOf({ a: '1\n' });
      expect((await store.list(folder))[0]?.bytes).toBe(2);
      const parent = folder.slice(0, folder.lastIndexOf('/'));
      const entry = (await store.list(parent)).find(({ name }) => folder.endsWith(name));
      expect(entry).toMatchObject({ kind: 'directory' });
      expect(entry?.modifiedMs).toBeGreaterThan(startedMs);
    });

    it('does not read what is not there', async () => {
      const { store, root } = subject();
      await expect(content(store, `${root}/nothing`)).rejects.toMatchObject({ code: 'not-found' });
    });
  });
}
