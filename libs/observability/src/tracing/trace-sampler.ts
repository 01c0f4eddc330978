import { type Attributes, type Context, type Link, type SpanKind, TraceFlags } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  type SamplingResult,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import { type TracingSettings } from './tracing-settings.ts';

type Choice = Pick<TracingSettings, 'tracesSampler' | 'tracesSamplerRatio'>;

/** The sampler of this name in OpenTelemetry's specification; but for `always_off` it also follows sampled links. */
export function samplerOf(choice: Choice): Sampler {
  const named = namedSampler(choice);
  return choice.tracesSampler === 'always_off' ? named : new LinkSampler(named);
}

function namedSampler({ tracesSampler, tracesSamplerRatio }: Choice): Sampler {
  switch (tracesSampler) {
    case 'always_on':
      return new AlwaysOnSampler();
    case 'always_off':
      return new AlwaysOffSampler();
    case 'traceidratio':
      return new TraceIdRatioBasedSampler(tracesSamplerRatio);
    case 'parentbased_always_on':
      return new ParentBasedSampler({ root: new AlwaysOnSampler() });
    case 'parentbased_always_off':
      return new ParentBasedSampler({ root: new AlwaysOffSampler() });
    case 'parentbased_traceidratio':
      return new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(tracesSamplerRatio) });
  }
}

/** A flush begins a trace of its own; a sampler of the specification would drop most of those that sampled events lead to. */
class LinkSampler implements Sampler {
  constructor(private readonly otherwise: Sampler) {}

  shouldSample(
    context: Context,
    traceId: string,
    ...rest: [name: string, kind: SpanKind, attributes: Attributes, links: Link[]]
  ): SamplingResult {
    const [, , , links] = rest;
    const leadsOn = links.some(({ context: { traceFlags } }) => (traceFlags & TraceFlags.SAMPLED) !== 0);
    if (leadsOn) return { decision: SamplingDecision.RECORD_AND_SAMPLED };
    return this.otherwise.shouldSample(context, traceId, ...rest);
  }

  toString(): string {
    return `LinkSampler{${String(this.otherwise)}}`;
  }
}
