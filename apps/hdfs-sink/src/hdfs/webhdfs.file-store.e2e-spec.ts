import { environment } from '@pipeline/config';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { itKeepsTheFileStoreContract } from '../../testing/file-store-contract.fixture.ts';
import { itKeepsTheJoiningContract } from '../../testing/joining-file-store-contract.fixture.ts';
import { WebHdfsFileStore } from './webhdfs.file-store.ts';

const NO_SERVER =
  'WEBHDFS_URL names no HDFS. Start one with `npm start -- --stack-only` and set WEBHDFS_URL=http://localhost:9870';

/** The same promises as against the fake, kept by a real NameNode and DataNode. */
describe('WebHdfsFileStore on a real HDFS', () => {
  const root = `/file-store-contract-${randomUUID()}`;
  let store: WebHdfsFileStore;

  beforeAll(() => {
    const url = environment().WEBHDFS_URL;
    if (url === undefined) throw new Error(NO_SERVER);
    store = new WebHdfsFileStore({
      urls: url.split(','),
      user: 'pipeline',
      requestTimeoutMs: 20_000,
      uploadTimeoutMs: 60_000,
    });
  });

  afterAll(() => store.close());

  itKeepsTheFileStoreContract(() => ({ store, root }));
  itKeepsTheJoiningContract(() => ({ store, root: `${root}/joins` }));

  it('keeps offering exactly one winner in 50 races of four renames', async () => {
    const attributes = { endOffset: 1n, records: 1, firstRecord: 'f', maxTimestampMs: 1 };
    for (let race = 0; race < 50; race += 1) {
      const owners = ['a', 'b', 'c', 'd'].map((owner) => `${owner}${race}`);
      await Promise.all(
        owners.map(async (owner) => {
          await store.writeNew(`${root}/_staging/${owner}`, Buffer.from(owner));
          await store.seal(`${root}/_staging/${owner}`, owner.length, { ...attributes, owner });
        }),
      );
      const final = `${root}/races/${race}`;
      const outcomes = await Promise.all(
        owners.map((owner) => store.publish(`${root}/_staging/${owner}`, final)),
      );
      expect(outcomes.filter((outcome) => outcome === 'published')).toHaveLength(1);
      const winner = owners[outcomes.indexOf('published')];
      expect((await store.describe(final))?.attributes?.owner).toBe(winner);
    }
  }, 120_000);
});
