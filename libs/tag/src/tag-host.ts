/** Text by key. Nothing it does may throw; what cannot be stored durably is kept in memory. */
export interface TagStorage {
  keys(): string[];
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
}

/** What the collector answered; `body` is nothing when it was not JSON. */
export interface TagResponse {
  readonly status: number;
  readonly retryAfterMs: number | undefined;
  readonly body: unknown;
}

/** What every event says of the page, as far as the visitor allows. */
export interface PageContext {
  readonly page_url?: string;
  readonly referrer?: string;
  readonly visitor_id?: string;
  readonly session_id?: string;
}

/** The browser, as far as the tag needs it. */
export interface TagHost {
  readonly storage: TagStorage;
  /** Milliseconds since the epoch. */
  now(): number;
  /** In [0, 1). */
  random(): number;
  uuid(): string;
  context(): PageContext;
  /** Rejects when there was no answer. The request outlives the page. */
  send(body: string): Promise<TagResponse>;
  /** False when the browser refuses to take the bytes. */
  beacon(body: string): boolean;
  /** Runs `work` while no other tab of this origin does. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  later(run: () => void, delayMs: number): void;
  /** The page may never run again after this. */
  onLeave(run: () => void): void;
  /** The network, or the page's own life, is back. */
  onReturn(run: (reason: 'online' | 'visible') => void): void;
}
