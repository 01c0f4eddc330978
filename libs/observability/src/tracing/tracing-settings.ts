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
    'Where traces go, OTLP over HTTP, such as http://localhost:4318; empty: nothing is traced',
    { fallback: '' },
  ),
  tracesHeaders: pairs('OTEL_EXPORTER_OTLP_HEADERS', 'Headers of what is sent there, name=value,…', {
    secret: true,
  }),
  tracesSampler: oneOf(
    'OTEL_TRACES_SAMPLER',
    'Which traces are recorded; parentbased_…: what the client or the event says decides where it says anything',
    SAMPLERS,
    'parentbased_always_on',
  ),
  tracesSamplerRatio: ratio('OTEL_TRACES_SAMPLER_ARG', 'The part of all traces, for …traceidratio', '1'),
  tracesService: text('OTEL_SERVICE_NAME', 'Name of the app in traces; empty: its own', { fallback: '' }),
  tracesResource: pairs(
    'OTEL_RESOURCE_ATTRIBUTES',
    'What is said of the app in traces beside, name=value,…',
    {},
  ),
  tracesDelayMs: milliseconds('OTEL_BSP_SCHEDULE_DELAY', 'Longest time until a span is sent', {
    fallback: '5000',
  }),
} as const;

export type TracingSettings = Values<typeof tracingSettings>;
