import { type Logger } from '../logger.ts';
import { isTraceparent, newTraceparent } from './trace-context.ts';
import { type Span, type SpanStart, type Tracer } from './tracer.ts';
import { type TracingSettings } from './tracing-settings.ts';

/** The tracer of an app. OpenTelemetry is loaded here and only where an endpoint is set. */
export async function createTracer(app: string, settings: TracingSettings, logger: Logger): Promise<Tracer> {
  if (settings.tracesEndpoint === '') return new PassingTracer();
  const { OpenTelemetryTracer } = await import('./opentelemetry.tracer.ts');
  return new OpenTelemetryTracer(app, settings, logger);
}

/** Records nothing. It passes the trace context of a client on unchanged, so that other programs can continue the trace. */
export class PassingTracer implements Tracer {
  readonly isOn = false;

  start(_name: string, { parent }: SpanStart): Span {
    return new PassingSpan(isTraceparent(parent) ? parent : newTraceparent());
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

class PassingSpan implements Span {
  readonly isRecorded = false;

  constructor(readonly traceparent: string) {}

  set(): void {}
  link(): void {}
  note(): void {}
  end(): void {}
}
