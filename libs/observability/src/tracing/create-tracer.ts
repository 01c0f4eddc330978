import { type Logger } from '../logger.ts';
import { PassingTracer } from './passing.tracer.ts';
import { type Tracer } from './tracer.ts';
import { type TracingSettings } from './tracing-settings.ts';

/** The tracer of an app. OpenTelemetry is loaded here and only where an endpoint is set. */
export async function createTracer(app: string, settings: TracingSettings, logger: Logger): Promise<Tracer> {
  if (settings.tracesEndpoint === '') return new PassingTracer();
  const { OpenTelemetryTracer } = await import('./opentelemetry.tracer.ts');
  return new OpenTelemetryTracer(app, settings, logger);
}
