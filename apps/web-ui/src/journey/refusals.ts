import { type Refusal } from '../protocol/journey.ts';

/** Looks an event up among those that the collector refused. */
export interface Refusals {
  /** The newest refusal; nothing when there was none. @throws anything (as rejection), within some seconds. */
  find(eventId: string): Promise<Refusal | undefined>;
}

export const REFUSALS = Symbol('refusals');
