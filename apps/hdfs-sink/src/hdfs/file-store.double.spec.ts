import { describe, expect, it } from '@jest/globals';
import { itKeepsTheFileStoreContract } from '../../testing/file-store-contract.fixture.ts';
import { itKeepsTheJoiningContract } from '../../testing/joining-file-store-contract.fixture.ts';
import { MemoryFileStore } from '../../testing/file-store.double.ts';

describe('MemoryFileStore', () => {
  const shared = new MemoryFileStore();
  itKeepsTheFileStoreContract(() => ({ store: shared, root: '/test' }));
  itKeepsTheJoiningContract(() => ({ store: shared, root: '/joins' }));

  it('fails before or after an operation took effect, as told', async () => {
    const store = new MemoryFileStore();
    store.failNext('writeNew');
    store.failNext('writeNew', 'reply-lost');
    await expect(store.writeNew('/a', Buffer.from('12'))).rejects.toMatchObject({ code: 'unavailable' });
    expect(await store.describe('/a')).toBeUndefined();
    await expect(store.writeNew('/b', Buffer.from('12'))).rejects.toMatchObject({ code: 'timeout' });
    expect(await store.describe('/b')).toBeDefined();
  });

  it('stores half a body without an error when told to truncate', async () => {
    const store = new MemoryFileStore();
    store.failNext('writeNew', 'truncates');
    await store.writeNew('/a', Buffer.from('1234'));
    expect(store.files.get('/a')?.body.toString()).toBe('12');
  });

  it('hangs until it is released', async () => {
    const store = new MemoryFileStore();
    const release = store.hangNext('writeNew');
    const writing = store.writeNew('/a', Buffer.from('1'));
    expect(await store.describe('/a')).toBeUndefined();
    release();
    await writing;
    expect(await store.describe('/a')).toBeDefined();
  });
});
