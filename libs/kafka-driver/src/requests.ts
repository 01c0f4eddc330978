import { type KafkajsBroker, type KafkajsCluster, type KafkajsRequest } from './kafkajs/kafkajs.ts';

/** Numbers of Kafka's APIs. Source: `ApiKeys`. */
export const API = { fetch: 1, metadata: 3, syncGroup: 14 } as const;

/** Changes the requests of one API. */
export type Tap = (request: KafkajsRequest, fields: object) => KafkajsRequest;

/** Taps by the number of their API. */
export type Taps = Readonly<Record<number, Tap>>;

/**
 * From now on the requests of this cluster, and of no other, go through the taps. A broker of kafkajs keeps what finds its
 * requests in a field that it sets when it has connected: here the field wraps what it is set to.
 */
export function tapRequests(cluster: KafkajsCluster, taps: Taps): void {
  const { brokerPool } = cluster;
  const { createBroker } = brokerPool;
  brokerPool.createBroker = (options) => tapped(createBroker(options), taps);
}

function tapped(broker: KafkajsBroker, taps: Taps): KafkajsBroker {
  let { lookupRequest: lookup } = broker;
  return Object.defineProperty(broker, 'lookupRequest', {
    set: (found: typeof lookup) => (lookup = found),
    get: (): typeof lookup => (apiKey, definition) => {
      const make = lookup(apiKey, definition);
      const tap = taps[apiKey];
      return tap ? (fields) => tap(make(fields), fields) : make;
    },
  });
}

/** What the broker may need beyond the group's own time-outs; kafkajs grants its JoinGroup the same. */
const NETWORK_DELAY_MS = 5_000;

/**
 * SyncGroup is answered when the leader of the group has sent the assignment. A leader that was killed after it had
 * joined never does, and the others are told to join again when its session is over. kafkajs 2.2.4 lets JoinGroup
 * wait for that long, but ends SyncGroup after the ordinary request time-out, drops the connection and starts over.
 * A longer request time-out for the whole consumer would do, but a fetch from a broker that is cut off would then last as
 * long, too: 35 s instead of 15.
 */
export function syncGroupTap({ sessionTimeout = 30_000, rebalanceTimeout = 60_000 }): Tap {
  const requestTimeout = Math.max(sessionTimeout, rebalanceTimeout) + NETWORK_DELAY_MS;
  return (request) => ({ ...request, requestTimeout });
}
