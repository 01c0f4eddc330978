import { type TagStorage } from './tag-host.ts';

/** `localStorage` or `sessionStorage`, and memory for what it refuses (full, forbidden, absent). */
export function browserStorage(area: () => Storage): TagStorage {
  const memory = new Map<string, string>();
  return {
    keys: () => [...new Set([...(attempt(() => Object.keys(area())) ?? []), ...memory.keys()])],
    get: (key) => memory.get(key) ?? attempt(() => area().getItem(key)) ?? null,
    set(key, value) {
      memory.set(key, value);
      attempt(() => {
        area().setItem(key, value);
        memory.delete(key);
      });
    },
    remove(key) {
      memory.delete(key);
      attempt(() => area().removeItem(key));
    },
  };
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
