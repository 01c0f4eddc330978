import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type LocalStack, startStack } from '@pipeline/local-stack';
import { isSampled, PassingTracer } from '@pipeline/observability';
import { type BenchContext, type Leg, type LegResult } from '../leg.ts';
import { atMost } from '../measure/bars.ts';
import { type CollectorContestant } from './collector/collector-contestant.ts';
import { type CollectorRun, runCollectors } from './collector/collector-runs.ts';
import { ourCollector } from './collector/contestants.ts';

/** One event a request: the most that tracing can weigh. */
const SHAPE = { name: '64 connections, single events', connections: 64, eventsPerRequest: 1 };
const TIMES = {
  full: { warmUpMs: 8_000, measuredMs: 4_000 },
  quick: { warmUpMs: 6_000, measuredMs: 2_000 },
  check: { warmUpMs: 2_000, measuredMs: 1_000 },
} as const;
const CALLS = 1_000_000;
const MOST_SHARE_OFF = 0.03;

/** What tracing costs a collector: off as a share of a request, and some and all requests recorded beside off. */
export const tracingLeg: Leg = {
  name: 'tracing',
  title: 'collector-api without traces, with one in a hundred and with all',
  budgetSeconds: { full: 150, quick: 60, check: 30 },
  async run(context) {
    const receiver = await startReceiver();
    const stack = await startStack({ servers: ['kafka'] });
    try {
      return await measure(stack, context, `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`);
    } finally {
      await stack.stop();
      receiver.closeAllConnections();
      receiver.close();
    }
  },
};

async function measure(
  stack: LocalStack,
  { size, repetitions, say }: BenchContext,
  endpoint: string,
): Promise<LegResult> {
  const off: CollectorContestant = { ...ourCollector, name: 'off' };
  const contestants = [off, traced('one in a hundred', endpoint, '0.01'), traced('all', endpoint, '1')];
  const plan = { ...TIMES[size], shape: SHAPE, contestants, rounds: repetitions, say };
  const results = await runCollectors(stack, plan);
  const calls = Array.from({ length: repetitions }, secondsPerMillionCalls);
  const shares = results.counted(off).map((run, round) => calls[round]! / run.cpuSecondsPerMillion);
  return {
    leg: 'tracing',
    contestants,
    measured: results.contestants.map((contestant) => ({
      load: SHAPE.name,
      who: contestant.name,
      kind: contestant.kind,
      figures: {
        eventsPerSecond: results.spread(contestant, ({ report }) => report.requestsPerSecond),
        p99Ms: results.spread(contestant, ({ report }) => report.p99Ms),
        cpuSecondsPerMillion: results.spread(contestant, cpuSecondsPerMillion),
        peakRssMiB: results.spread(contestant, ({ peakRssMiB }) => peakRssMiB),
      },
    })),
    bars: [atMost('off: share of a request’s processor time', shares, MOST_SHARE_OFF)],
    notes: contestants.slice(1).map((contestant) => {
      const ratios = results.ratios(contestant, off, cpuSecondsPerMillion).map((ratio) => ratio.toFixed(2));
      return `Processor time with ${contestant.name} recorded, against off, round by round: ${ratios.join(', ')}`;
    }),
    faults: results.faults,
  };
}

function traced(name: string, endpoint: string, ratio: string): CollectorContestant {
  return {
    ...ourCollector,
    name,
    command: (place) => {
      const { environment, ...command } = ourCollector.command(place);
      return {
        ...command,
        environment: {
          ...environment,
          OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
          OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
          OTEL_TRACES_SAMPLER_ARG: ratio,
        },
      };
    },
  };
}

/** What a request without a `traceparent` does for traces when they are off: begin, ask twice, end. */
function secondsPerMillionCalls(): number {
  const tracer = new PassingTracer();
  let recorded = 0;
  const { user, system } = process.cpuUsage();
  for (let call = 0; call < CALLS; call++) {
    const span = tracer.start('accept', { kind: 'server', parent: undefined });
    if (span.isRecorded || isSampled(span.traceparent)) recorded += 1;
    span.end();
  }
  const used = process.cpuUsage({ user, system });
  if (recorded > 0) throw new Error('a tracer that is off records');
  return (used.user + used.system) / CALLS;
}

/** Takes spans and forgets them. */
async function startReceiver(): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end('{}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const cpuSecondsPerMillion = (run: CollectorRun) => run.cpuSecondsPerMillion;
