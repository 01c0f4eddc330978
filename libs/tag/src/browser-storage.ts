import { type TagStorage } from './tag-host.ts';

/** `localStorage`, and memory for what it refuses (full, forbidden, absent). */
export function browserStorage(): TagStorage {
  const memory = new Map<string, string>();
  const local = attempt(() => localStorage);
  return {
    keys: () => [...new Set([...(attempt(() => Object.keys(local ?? {})) ?? []), ...memory.keys()])],
    get: (key) => memory.get(key) ?? attempt(() => local?.getItem(key)) ?? null,
    set(key, value) {
      const stored = attempt(() => {
        local?.setItem(key, value);
        return local !== undefined;
      });
      if (stored) memory.delete(key);
      else memory.set(key, value);
    },
    remove(key) {
      memory.delete(key);
      attempt(() => local?.removeItem(key));
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
