import { type Leg } from './leg.ts';
import { collectorLeg } from './legs/collector.leg.ts';
import { esLeg } from './legs/es.leg.ts';
import { hdfsLeg } from './legs/hdfs.leg.ts';
import { peersLeg } from './legs/peers.leg.ts';
import { soakLeg } from './legs/soak.leg.ts';
import { tracingLeg } from './legs/tracing.leg.ts';

/** In the order in which they run. */
export const LEGS: readonly Leg[] = [collectorLeg, hdfsLeg, esLeg, soakLeg, tracingLeg, peersLeg];

/** What runs when no leg is named. */
export const DEFAULT_LEGS = {
  full: ['collector', 'hdfs', 'es'],
  quick: ['collector', 'hdfs', 'es'],
} as const;

/** Of these names, in their own order. @throws RangeError that says which there are. */
export function legsNamed(names: readonly string[]): Leg[] {
  const unknown = names.filter((name) => !LEGS.some((leg) => leg.name === name));
  if (unknown.length > 0) {
    const known = LEGS.map(({ name }) => name).join(', ');
    throw new RangeError(`no leg is called ${unknown.join(', ')}; there are ${known}`);
  }
  return LEGS.filter(({ name }) => names.includes(name));
}
