import { type Leg, type Size } from './leg.ts';
import { auditLeg } from './legs/audit.leg.ts';
import { collectorLeg } from './legs/collector.leg.ts';
import { esLeg } from './legs/es.leg.ts';
import { hdfsLeg } from './legs/hdfs.leg.ts';
import { latencyLeg } from './legs/latency.leg.ts';
import { microLeg } from './legs/micro.leg.ts';
import { peersLeg } from './legs/peers.leg.ts';
import { regressionLeg } from './legs/regression.leg.ts';
import { restLeg } from './legs/rest.leg.ts';
import { scaleLeg } from './legs/scale.leg.ts';
import { soakLeg } from './legs/soak.leg.ts';
import { tracingLeg } from './legs/tracing.leg.ts';

/** In the order in which they run. */
export const LEGS: readonly Leg[] = [
  microLeg,
  collectorLeg,
  hdfsLeg,
  esLeg,
  latencyLeg,
  auditLeg,
  restLeg,
  scaleLeg,
  soakLeg,
  tracingLeg,
  regressionLeg,
  peersLeg,
];

/** What runs when no leg is named. */
export const DEFAULT_LEGS: Readonly<Record<Size, readonly string[]>> = {
  full: ['micro', 'collector', 'hdfs', 'es', 'latency', 'rest', 'scale'],
  quick: ['micro', 'collector', 'hdfs', 'es', 'latency'],
  check: ['collector', 'hdfs', 'es'],
};

/** Of these names, in their own order. @throws RangeError that says which there are. */
export function legsNamed(names: readonly string[]): Leg[] {
  const unknown = names.filter((name) => !LEGS.some((leg) => leg.name === name));
  if (unknown.length > 0) {
    const known = LEGS.map(({ name }) => name).join(', ');
    throw new RangeError(`no leg is called ${unknown.join(', ')}; there are ${known}`);
  }
  return LEGS.filter(({ name }) => names.includes(name));
}
