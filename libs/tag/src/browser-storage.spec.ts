import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { browserStorage } from './browser-storage.ts';
import {
  memoryLocalStorage,
  withBrowserGlobals,
  withoutBrowserGlobals,
} from '../testing/browser-globals.double.ts';

let local: ReturnType<typeof memoryLocalStorage>;
beforeEach(() => {
  local = memoryLocalStorage();
  withBrowserGlobals({ localStorage: local });
});
afterEach(withoutBrowserGlobals);

describe('the storage of a browser', () => {
  it('is localStorage, so that the next page finds what this one leaves', () => {
    browserStorage(() => localStorage).set('a', '1');
    expect(local.getItem('a')).toBe('1');
    const next = browserStorage(() => localStorage);
    expect([next.keys(), next.get('a')]).toEqual([['a'], '1']);
    next.remove('a');
    expect(browserStorage(() => localStorage).keys()).toEqual([]);
  });

  it('is memory for what does not fit, and one list of both', () => {
    const storage = browserStorage(() => localStorage);
    storage.set('fits', '1');
    local.isFull = true;
    storage.set('later', '2');
    expect([storage.keys().sort(), storage.get('later'), local.getItem('later')]).toEqual([
      ['fits', 'later'],
      '2',
      null,
    ]);
    local.isFull = false;
    storage.set('later', '3');
    expect([storage.keys().sort(), local.getItem('later')]).toEqual([['fits', 'later'], '3']);
  });

  it('is memory where the visitor or the browser forbids it, and nothing throws', () => {
    withoutBrowserGlobals();
    const storage = browserStorage(() => localStorage);
    storage.set('a', '1');
    expect([storage.keys(), storage.get('a'), storage.get('b')]).toEqual([['a'], '1', null]);
    storage.remove('a');
    expect(storage.keys()).toEqual([]);
  });
});
