const touched = new Map<string, PropertyDescriptor | undefined>();

/** Gives this process globals of a browser, until {@link withoutBrowserGlobals}. */
export function withBrowserGlobals(globals: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(globals)) {
    if (!touched.has(name)) touched.set(name, Object.getOwnPropertyDescriptor(globalThis, name));
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
}

/** Everything is as it was before. */
export function withoutBrowserGlobals(): void {
  for (const [name, descriptor] of touched) {
    if (descriptor) Object.defineProperty(globalThis, name, descriptor);
    else Reflect.deleteProperty(globalThis, name);
  }
  touched.clear();
}

/** `localStorage` as Node has none: entries are properties, and it is full or forbidden on demand. */
export function memoryLocalStorage(entries: Record<string, string> = {}): Storage & { isFull: boolean } {
  const methods = {
    isFull: false,
    getItem: (key: string) => entries[key] ?? null,
    setItem(key: string, value: string) {
      if (methods.isFull) throw new DOMException('full', 'QuotaExceededError');
      entries[key] = value;
    },
    removeItem: (key: string) => void Reflect.deleteProperty(entries, key),
  };
  return new Proxy(methods as unknown as Storage & { isFull: boolean }, {
    ownKeys: () => Object.keys(entries),
    getOwnPropertyDescriptor: (_, key) => Object.getOwnPropertyDescriptor(entries, key),
  });
}
