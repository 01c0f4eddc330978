/** A piece of work that others can see as part of a trace. */
export interface Span {
  /** Names this span to what it causes; W3C `traceparent`. */
  readonly traceparent: string;
  /** Whether anything is recorded of it. */
  readonly isRecorded: boolean;
  set(attributes: SpanAttributes): void;
  /** Says what else it has to do with; each is a valid `traceparent`. */
  link(traceparents: readonly string[]): void;
  /** Something that happened on the way. */
  note(event: string, attributes?: SpanAttributes): void;
  /** @param failure a code; absent when it succeeded. */
  end(failure?: string): void;
}

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

export interface SpanStart {
  /** The side of a message or a request that this is. */
  readonly kind: 'server' | 'producer' | 'consumer';
  /** The `traceparent` of what caused it; where it is absent or no such text, a trace begins here. */
  readonly parent?: string | string[] | undefined;
  /** Valid `traceparent`s. One that is sampled makes this sampled, so that none leads nowhere. */
  readonly links?: readonly string[];
  /** Milliseconds since the epoch; now where absent. */
  readonly startMs?: number;
  readonly attributes?: SpanAttributes;
}

export const TRACER = Symbol('tracer');

/** Makes spans. There is one in each app; where tracing is off it records nothing and only passes traces on. */
export interface Tracer {
  readonly isOn: boolean;
  start(name: string, options: SpanStart): Span;
  /** Hands over what is recorded, within bounded time, and ends. Never rejects. */
  close(): Promise<void>;
}
