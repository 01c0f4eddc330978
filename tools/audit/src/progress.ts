/** Told how far an audit is. */
export interface Progress {
  /** @param expected how much there will be, about. */
  start(phase: 'records' | 'rows' | 'documents', expected: number): Counter;
  stop(): void;
}

export interface Counter {
  add(): void;
}

export const NO_PROGRESS: Progress = { start: () => ({ add: () => undefined }), stop: () => undefined };
