import { milliseconds, oneOf, pairs, ratio, text, url, type Values } from '@pipeline/config';

const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

export type SamplerName = (typeof SAMPLERS)[number];

/** By their names and defaults in OpenTelemetry's specification; spread into an app's `defineSettings`. */
export const tracingSettings = {
  tracesEndpoint: url(
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'Endpoint for traces, OTLP over HTTP, such as http://localhost:4318; empty: no tracing',
    { fallback: '' },
  ),
  tracesHeaders: pairs('OTEL_EXPORTER_OTLP_HEADERS', 'Headers of requests to this endpoint, name=value,…', {
    secret: true,
  }),
  tracesSampler: oneOf(
    'OTEL_TRACES_SAMPLER',
    'Which traces are recorded; parentbased_…: the sampling flag of the client or event decides, if there is one',
    SAMPLERS,
    'parentbased_always_on',
  ),
  tracesSamplerRatio: ratio('OTEL_TRACES_SAMPLER_ARG', 'Share of traces to record, for …traceidratio', '1'),
  tracesService: text('OTEL_SERVICE_NAME', 'Service name in traces; empty: the name of the app', {
    fallback: '',
  }),
  tracesResource: pairs(
    'OTEL_RESOURCE_ATTRIBUTES',
    'Further resource attributes in traces, name=value,…',
    {},
  ),
  tracesDelayMs: milliseconds('OTEL_BSP_SCHEDULE_DELAY', 'Longest delay before a span is sent', {
    fallback: '5000',
  }),
} as const;

export type TracingSettings = Values<typeof tracingSettings>;
