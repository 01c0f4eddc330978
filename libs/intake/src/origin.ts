import { type Ingress } from '@pipeline/event-schema';
import { type Span } from '@pipeline/observability';

/**
 * What an ingress knows of the request, packet or batch that brings events: the same for all of them. The ingress makes
 * it, in the words of its protocol; the intake knows no other.
 */
export interface Origin {
  /** The way by which the events came: types of another way are not taken. Default: `http`. */
  readonly ingress?: Ingress;
  /** When it arrived, by the clock of this machine: whole milliseconds since the epoch. */
  readonly receivedMs: number;
  /** Traces the acceptance, and is ended by it; its `traceparent` is a header of each record. */
  readonly span: Span;
  /** Who counts as one sender, such as a network or a device: it can fill its share of the remembered ids only. */
  readonly client: string;
  /** Stored with each event, under names that the contract keeps for the collector. What is undefined is left out. */
  readonly fields: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Fields of the events that are not kept. If it names any, rejected events are masked whatever the settings say. */
  readonly withheld: readonly string[];
}
