import { hostname } from 'node:os';
import {
  type Context,
  diag,
  DiagLogLevel,
  type Link,
  ROOT_CONTEXT,
  type Span as OtelSpan,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Tracer as OtelTracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { type Logger } from '../logger.ts';
import { isSampled, isTraceparent, spanIdOf, traceIdOf } from './trace-context.ts';
import { type Span, type SpanAttributes, type SpanStart, type Tracer } from './tracer.ts';
import { samplerOf } from './trace-sampler.ts';
import { type TracingSettings } from './tracing-settings.ts';

const KINDS = {
  server: SpanKind.SERVER,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

/** More than these wait for nobody: what comes on top is dropped, so a dead receiver costs no memory. */
const MAX_WAITING_SPANS = 2_048;
const CLOSE_TIMEOUT_MS = 2_000;

/**
 * Spans by OpenTelemetry's SDK, sent as OTLP in JSON over HTTP. Nothing is patched and nothing is global: what is traced
 * says so in its own code.
 */
export class OpenTelemetryTracer implements Tracer {
  readonly isOn = true;
  private readonly provider: TracerProvider;
  private readonly tracer: OtelTracer;

  constructor(app: string, settings: TracingSettings, logger: Logger) {
    reportTo(logger);
    const exporter = new OTLPTraceExporter({
      url: `${settings.tracesEndpoint}/v1/traces`,
      headers: settings.tracesHeaders,
    });
    this.provider = new TracerProvider({
      resource: resourceFromAttributes({
        'service.name': settings.tracesService === '' ? app : settings.tracesService,
        'service.instance.id': `${hostname()}-${process.pid}`,
        ...settings.tracesResource,
      }),
      sampler: samplerOf(settings),
      spanProcessors: [
        new BatchSpanProcessor({
          exporter,
          scheduledDelayMillis: settings.tracesDelayMs,
          maxQueueSize: MAX_WAITING_SPANS,
        }),
      ],
    });
    this.tracer = this.provider.getTracer('web-event-pipeline');
  }

  start(name: string, { kind, parent, links = [], startMs, attributes = {} }: SpanStart): Span {
    const options = {
      kind: KINDS[kind],
      attributes,
      links: links.map(toLink),
      ...(startMs !== undefined && { startTime: startMs }),
    };
    return new TracedSpan(this.tracer.startSpan(name, options, contextOf(parent)));
  }

  async close(): Promise<void> {
    const closed = this.provider.shutdown().catch(() => undefined);
    let timer: NodeJS.Timeout | undefined;
    const overdue = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_TIMEOUT_MS)));
    await Promise.race([closed, overdue]);
    clearTimeout(timer);
  }
}

class TracedSpan implements Span {
  readonly traceparent: string;

  constructor(private readonly span: OtelSpan) {
    const { traceId, spanId, traceFlags } = span.spanContext();
    this.traceparent = `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
  }

  get isRecorded(): boolean {
    return this.span.isRecording();
  }

  set(attributes: SpanAttributes): void {
    this.span.setAttributes(attributes);
  }

  link(traceparents: readonly string[]): void {
    this.span.addLinks(traceparents.map(toLink));
  }

  note(event: string, attributes: SpanAttributes = {}): void {
    this.span.addEvent(event, attributes);
  }

  end(failure?: string): void {
    if (failure !== undefined) {
      this.span.setStatus({ code: SpanStatusCode.ERROR, message: failure });
      this.span.setAttribute('error.type', failure);
    }
    this.span.end();
  }
}

function contextOf(parent: SpanStart['parent']): Context {
  return isTraceparent(parent) ? trace.setSpanContext(ROOT_CONTEXT, toSpanContext(parent)) : ROOT_CONTEXT;
}

function toLink(traceparent: string): Link {
  return { context: toSpanContext(traceparent) };
}

function toSpanContext(traceparent: string): SpanContext {
  return {
    traceId: traceIdOf(traceparent),
    spanId: spanIdOf(traceparent),
    traceFlags: isSampled(traceparent) ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
  };
}

/** What the SDK has to say is mostly that spans could not be sent. */
function reportTo(logger: Logger): void {
  const told = (message: string) => logger.warn({ reason: message.slice(0, 500) }, 'spans not sent');
  const nothing = () => undefined;
  const sink = { error: told, warn: told, info: nothing, debug: nothing, verbose: nothing };
  diag.setLogger(sink, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
}
