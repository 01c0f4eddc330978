/** One reader of the live feed. */
export interface LiveSubscriber {
  /** What shares the places as one. */
  readonly client: string;
  /**
   * Takes the bytes, or answers false when too much is still unsent: the caller then drops the subscriber. Never
   * waits and never holds more than its bound.
   */
  offer(chunk: Buffer): boolean;
  /** Ends the connection in order. */
  end(): void;
  /** Cuts the connection and frees what is unsent. */
  drop(): void;
}
