import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pageContext } from './page-context.ts';
import { type TagStorage } from './tag-host.ts';

const NAMES = ['location', 'document', 'navigator', 'sessionStorage'] as const;
const before = NAMES.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const);

function browserWith(navigator: object): void {
  const session = new Map<string, string>();
  const globals = {
    location: { href: 'https://shop.example/cart?token=secret#part' },
    document: { referrer: 'https://search.example/?q=secret' },
    navigator,
    sessionStorage: {
      getItem: (key: string) => session.get(key) ?? null,
      setItem: (key: string, value: string) => void session.set(key, value),
    },
  };
  for (const name of NAMES) {
    Object.defineProperty(globalThis, name, { value: globals[name], configurable: true, writable: true });
  }
}

let stored: Map<string, string>;
let storage: TagStorage;
let ids: number;
const uuid = (): string => `id-${++ids}`;

beforeEach(() => {
  ids = 0;
  stored = new Map();
  storage = {
    keys: () => [...stored.keys()],
    get: (key) => stored.get(key) ?? null,
    set: (key, value) => void stored.set(key, value),
    remove: (key) => void stored.delete(key),
  };
});
afterEach(() => {
  for (const [name, descriptor] of before) {
    if (descriptor) Object.defineProperty(globalThis, name, descriptor);
    else Reflect.deleteProperty(globalThis, name);
  }
});

describe('what events say of page and visitor', () => {
  it('is the same visitor and session each time, and addresses without what is in their queries', () => {
    browserWith({});
    const context = pageContext(storage, uuid);
    expect(context).toEqual({
      page_url: 'https://shop.example/cart',
      referrer: 'https://search.example/',
      visitor_id: 'id-1',
      session_id: 'id-2',
    });
    expect(pageContext(storage, uuid)).toEqual(context);
  });

  it('is told of a page whose element is named as the referrer', () => {
    browserWith({});
    const form = { toString: () => '[object HTMLFormElement]' };
    Object.assign(document, { referrer: form });
    expect(pageContext(storage, uuid)).toMatchObject({ page_url: 'https://shop.example/cart' });
  });

  it.each([{ globalPrivacyControl: true }, { doNotTrack: '1' }])(
    'is nothing but the page when the visitor objects with %j, and an id from before is forgotten',
    (navigator) => {
      stored.set('pipeline.visitor', 'from-before');
      browserWith(navigator);
      expect(pageContext(storage, uuid)).toEqual({ page_url: 'https://shop.example/cart' });
      expect([...stored.keys()]).toEqual([]);
    },
  );
});
