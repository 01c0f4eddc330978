import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  memoryLocalStorage,
  withBrowserGlobals,
  withoutBrowserGlobals,
} from '../testing/browser-globals.double.ts';
import { browserStorage } from './browser-storage.ts';
import { exclusively } from './tab-lock.ts';
import { type TagStorage } from './tag-host.ts';

let storage: TagStorage;
let atWork: number;
let mostAtWork: number;
beforeEach(() => {
  withBrowserGlobals({ localStorage: memoryLocalStorage(), navigator: {} });
  storage = browserStorage(() => localStorage);
  atWork = mostAtWork = 0;
});
afterEach(withoutBrowserGlobals);

const work = async (): Promise<string> => {
  mostAtWork = Math.max(mostAtWork, ++atWork);
  await new Promise((resolve) => setImmediate(resolve));
  atWork--;
  return 'done';
};

describe('tabs that drain the same queue', () => {
  it('take the Web Lock of the browser, all by the same name', async () => {
    const names: string[] = [];
    const request = (name: string, run: () => Promise<unknown>) => (names.push(name), run());
    withBrowserGlobals({ navigator: { locks: { request } } });
    expect(await exclusively(storage, work)).toBe('done');
    expect(names).toEqual(['pipeline.drain']);
    expect(storage.keys()).toEqual([]);
  });

  it('wait for each other without Web Locks', async () => {
    const done = await Promise.all([
      exclusively(storage, work),
      exclusively(
        browserStorage(() => localStorage),
        work,
      ),
    ]);
    expect([done, mostAtWork, storage.keys()]).toEqual([['done', 'done'], 1, []]);
  });

  it('give the lease back when the work fails', async () => {
    await expect(exclusively(storage, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await exclusively(storage, work)).toBe('done');
  });

  it('do not wait for a tab that was closed with the lease in its hand', async () => {
    storage.set('pipeline.drain', String(Date.now() - 1));
    expect(await exclusively(storage, work)).toBe('done');
  });
});
