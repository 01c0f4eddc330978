/** Where a load sends its events. */
export interface Outlet<T> {
  /** Resolves with the ids that were acknowledged as durable; a refusal acknowledges none. */
  send(events: readonly T[]): Promise<readonly string[]>;
  close(): Promise<void>;
}
