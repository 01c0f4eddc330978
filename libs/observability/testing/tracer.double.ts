import { isSampled, isTraceparent, newTraceparent, traceIdOf } from '../src/tracing/trace-context.ts';
import { type Span, type SpanAttributes, type SpanStart, type Tracer } from '../src/tracing/tracer.ts';

/** What a {@link MemoryTracer} keeps of a span. */
export interface MemorySpan {
  readonly name: string;
  readonly traceparent: string;
  readonly parent: string | undefined;
  readonly startMs: number | undefined;
  readonly kind: SpanStart['kind'];
  readonly links: string[];
  readonly notes: string[];
  attributes: SpanAttributes;
  /** `undefined` while it is open, `'ok'`, or the code of its failure. */
  outcome: string | undefined;
}

/** Keeps spans for specs: all of traces that are sampled or begin here. */
export class MemoryTracer implements Tracer {
  readonly isOn = true;
  readonly spans: MemorySpan[] = [];

  start(name: string, { kind, parent, links = [], startMs, attributes = {} }: SpanStart): Span {
    const known = isTraceparent(parent) ? parent : undefined;
    const made = newTraceparent();
    const isRecorded = known === undefined || isSampled(known) || links.some(isSampled);
    const traceId = traceIdOf(known ?? made);
    const traceparent = `00-${traceId}-${made.slice(36, 52)}-0${isRecorded ? 1 : 0}`;
    const span: MemorySpan = {
      ...{ name, traceparent, parent: known, startMs, kind, attributes },
      links: [...links],
      notes: [],
      outcome: undefined,
    };
    if (isRecorded) this.spans.push(span);
    return {
      traceparent,
      isRecorded,
      set: (more) => void (span.attributes = { ...span.attributes, ...more }),
      link: (more) => void span.links.push(...more),
      note: (event) => void span.notes.push(event),
      end: (failure = 'ok') => void (span.outcome = failure),
    };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
