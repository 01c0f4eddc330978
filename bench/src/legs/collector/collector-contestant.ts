import { type Contestant, type ProgramCommand } from '../../contestant.ts';

export interface CollectorPlace {
  /** Where it has to listen, on loopback. */
  readonly port: number;
  readonly brokers: readonly string[];
  /** Exists and is empty. */
  readonly topic: string;
}

/** Where a contestant takes events, and how it says that it has them. */
export interface Endpoint {
  readonly path: string;
  readonly accepted: number;
}

export const OUR_ENDPOINT: Endpoint = { path: '/v1/events', accepted: 202 };

/**
 * A program that takes events over HTTP, as our page sends them, one as an object or several as an array, and puts each of
 * them into the topic as JSON with its `event_id`.
 */
export interface CollectorContestant extends Contestant {
  /** Default: ours. */
  readonly endpoint?: Endpoint;
  /** Whether a request may carry several events; default yes. */
  readonly takesBatches?: boolean;
  /** How many of it share the load; default 1. */
  readonly processes?: number;
  command(place: CollectorPlace): ProgramCommand;
}
