import { MemoryHttpServer } from './http-server.ts';

/** A span as it arrived; attributes as plain values. */
export interface ReceivedSpan {
  /** `service.name` of the app that made it. */
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty where a trace begins. */
  readonly parentSpanId: string;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly startMs: number;
  readonly endMs: number;
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface OtlpSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes?: readonly Attribute[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
}

interface OtlpRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}

/** Takes traces as a collector of OpenTelemetry does: OTLP in JSON at `/v1/traces`. */
export class TraceReceiver {
  readonly spans: ReceivedSpan[] = [];
  private readonly server = new MemoryHttpServer(({ method, path, body }) => {
    if (method !== 'POST' || path !== '/v1/traces') return undefined;
    this.spans.push(...spansOf(JSON.parse(body) as OtlpRequest));
    return { body: '{}' };
  });

  /** @returns its URL, for `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  listen(): Promise<string> {
    return this.server.listen();
  }

  close(): Promise<void> {
    return this.server.close();
  }

  /** The spans of one trace, by `<service>: <name>`. */
  trace(traceId: string): Map<string, ReceivedSpan> {
    const own = this.spans.filter((span) => span.traceId === traceId);
    return new Map(own.map((span) => [`${span.service}: ${span.name}`, span]));
  }
}

function spansOf({ resourceSpans }: OtlpRequest): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(plain(resource.attributes)['service.name']);
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => received(service, span)));
  });
}

function received(service: string, span: OtlpSpan): ReceivedSpan {
  const { name, traceId, spanId, parentSpanId = '', links = [], attributes = [] } = span;
  return {
    ...{ service, name, traceId, spanId, parentSpanId, links },
    attributes: plain(attributes),
    startMs: toMs(span.startTimeUnixNano),
    endMs: toMs(span.endTimeUnixNano),
  };
}

function plain(attributes: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

function toMs(nanoseconds: string): number {
  return Number(BigInt(nanoseconds) / 1_000n) / 1_000;
}
