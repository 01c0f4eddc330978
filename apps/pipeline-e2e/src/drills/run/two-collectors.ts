import assert from 'node:assert/strict';
import { eventually } from '@pipeline/testing';
import { CollectorOutlet } from '../load/collector.outlet.ts';
import { type DrillContext } from './drill-context.ts';
import { metricsOf, metricSum } from './metrics.ts';

export const SPOOLING = 'collector-api';
export const REFUSING = 'collector-api-2';
const DRAIN_TIMEOUT_MS = 60_000;

/** Settings of a collector with a spool. */
export async function withSpool(context: DrillContext): Promise<Record<string, string>> {
  return { COLLECTOR_API_SPOOL_DIR: `${await context.folder()}/spool` };
}

/** Starts {@link REFUSING}, a second collector, without a spool. */
export async function startRefusing(context: DrillContext): Promise<void> {
  await context.start('collector-api', { COLLECTOR_API_SPOOL_DIR: '' });
}

/** Resolves when the collector with a spool has brought all of it to Kafka. */
export function spoolIsEmpty(context: DrillContext): Promise<void> {
  return eventually(
    async () => assert.equal(metricSum(await metricsOf(context.app(SPOOLING)), 'collector_spool_bytes'), 0),
    { timeoutMs: DRAIN_TIMEOUT_MS },
  );
}

/** Clicks to a collector with a spool and to one without, and what each was answered. */
export class TwoCollectors {
  readonly spooling: CollectorOutlet;
  readonly refusing: CollectorOutlet;

  /** @param load events per second to each, and how many one request has. */
  private constructor(
    private readonly context: DrillContext,
    load: { readonly eventsPerSecond: number; readonly perCall: number },
  ) {
    const outletOf = (name: string) => {
      const outlet = new CollectorOutlet(() => [context.app(name)]);
      context.collectorLoad(load.eventsPerSecond, outlet, load.perCall);
      return outlet;
    };
    this.spooling = outletOf(SPOOLING);
    this.refusing = outletOf(REFUSING);
  }

  /** Starts the second collector and the loads of both; the first one runs with the settings of {@link withSpool}. */
  static async start(
    context: DrillContext,
    load: { readonly eventsPerSecond: number; readonly perCall: number },
  ): Promise<TwoCollectors> {
    await startRefusing(context);
    return new TwoCollectors(context, load);
  }

  /** Answers 503 of the collector without a spool. */
  get refusals(): number {
    return this.refusing.statuses.get(503) ?? 0;
  }

  /** Ends the loads and waits for the spool. */
  async end(): Promise<void> {
    await this.context.endLoads();
    await spoolIsEmpty(this.context);
    this.context.note(`with a spool: ${this.spooling.text}; without: ${this.refusing.text}`);
  }

  /** @throws AssertionError if an event was refused though there is a spool, or is in Kafka twice. */
  async assertNothingRefusedOrRepeated(): Promise<void> {
    assert.deepEqual([...this.spooling.statuses.keys()], [202], 'answers with a spool');
    assert.deepEqual(await this.context.repeatedInKafka(), [], 'events that are in Kafka twice');
  }

  /** @throws AssertionError if the spool was not needed. */
  assertSpooled(): void {
    assert.ok((this.spooling.durabilities.get('spool') ?? 0) > 0, 'nothing was spooled');
  }
}
