import { formatInstant, NO_TIME_SENT, parseInstant } from '@pipeline/event-schema';
import { COLLECTOR_FIELDS, type ValidEvent } from '@pipeline/event-schema/contract';
import { type Span } from '@pipeline/observability';
import { type BotReason } from './bot-detector.ts';
import { correctedTime } from './corrected-time.ts';
import { newEventId } from './new-event-id.ts';

/** What the collector knows about the request that brought an event. */
export interface Sender {
  readonly receivedMs: number;
  /** `receivedMs` as it is stored. */
  readonly receivedAt: string;
  /** W3C trace context of the request. */
  readonly traceparent: string;
  /** What is traced of it; ended by whoever answers. */
  readonly span: Span;
  /** `Sec-GPC: 1` or `DNT: 1`: no id of the visitor is kept. */
  readonly refusesTracking: boolean;
  /** Who counts as one: the address, or the network that one subscriber has. */
  readonly client: string;
  readonly fields: SenderFields;
}

/** What every event of a request gets, as the end of its JSON: `,"name":value…}`. */
export interface SenderFields {
  readonly untimed: string;
  /** The same for events that do not say when they happened. */
  readonly timed: string;
  /** The same for those of them that brought an id of their own. */
  readonly timedWithId: string;
}

/** What is stored of the sender. */
export interface SenderFacts {
  readonly receivedAt: string;
  readonly userAgent: string;
  /** Nothing where it looks like a browser. */
  readonly botReason: BotReason | undefined;
  /** Of the client's address, where it is to be stored. */
  readonly network: string | undefined;
}

export function senderFields({ receivedAt, userAgent, botReason, network }: SenderFacts): SenderFields {
  const bot = botReason === undefined ? '"is_bot":false' : `"is_bot":true,"bot_reason":"${botReason}"`;
  const where = network === undefined ? '' : `,"client_network":"${network}"`;
  const untimed = `,"user_agent":${JSON.stringify(userAgent)},"received_at":"${receivedAt}",${bot}${where}}`;
  const timed = `,"occurred_at":"${receivedAt}"${untimed}`;
  return { untimed, timed, timedWithId: `,"occurred_at_original":"${NO_TIME_SENT}"${timed}` };
}

/** An event that lacks only its times and its sender's fields: what a repetition says again. */
export type StampedEvent = ValidEvent & { readonly event_id: string; readonly schema_version: number };

/** What is still to follow in the JSON of an event, and what it said of its time. */
export interface Stamp {
  readonly moreFields: string;
  /** `occurred_at` as it was sent, in milliseconds since the epoch; 0 where it was not. */
  readonly sentOccurredMs: number;
}

/**
 * Completes a valid event with what the collector sets: id and version where they are absent, times, who sent it.
 * Changes the object it is given; fields of the collector that a page sent are dropped, and so are its times, which
 * follow as corrected.
 */
export function stampEvent(event: ValidEvent, latestVersion: number, sender: Sender): Stamp {
  if (carriesOurs(event)) for (const name of COLLECTOR_FIELDS) drop(event, name);
  const bringsId = event.event_id !== undefined && event.event_id !== null;
  if (!bringsId) event.event_id = newEventId(sender.receivedMs);
  event.schema_version ??= latestVersion;
  if (sender.refusesTracking) {
    drop(event, 'visitor_id');
    drop(event, 'session_id');
  }
  const { occurred_at: occurredAt, sent_at: sentAt } = event;
  if (sentAt !== undefined) drop(event, 'sent_at');
  if (occurredAt !== undefined) drop(event, 'occurred_at');
  const { timed, timedWithId } = sender.fields;
  if (occurredAt === undefined || occurredAt === null)
    return { moreFields: bringsId ? timedWithId : timed, sentOccurredMs: 0 };
  return correctedStamp({ occurredAt, sentAt: sentAt ?? undefined }, sender);
}

/** Written out: names in a list are looked up anew for each event, which is dear for names that are not there. */
function carriesOurs(event: Readonly<Record<string, unknown>>): boolean {
  const { user_agent, received_at, occurred_at_original, is_bot, bot_reason, client_network } = event;
  if (user_agent !== undefined || received_at !== undefined || occurred_at_original !== undefined)
    return true;
  return is_bot !== undefined || bot_reason !== undefined || client_network !== undefined;
}

/** A field that is not there is not made: the object keeps the shape in which it was parsed. */
function drop(fields: Record<string, unknown>, name: string): void {
  if (fields[name] !== undefined) fields[name] = undefined;
}

interface SentTimes {
  readonly occurredAt: string;
  readonly sentAt: string | undefined;
}

function correctedStamp({ occurredAt, sentAt }: SentTimes, { receivedMs, fields }: Sender): Stamp {
  const sentOccurredMs = parseInstant(occurredAt);
  const sentMs = sentAt === undefined ? undefined : parseInstant(sentAt);
  const correctedMs = correctedTime({ occurredMs: sentOccurredMs, sentMs, receivedMs });
  const time = `,"occurred_at":"${formatInstant(correctedMs)}"`;
  // An instant holds nothing that JSON escapes.
  const original = correctedMs === sentOccurredMs ? '' : `,"occurred_at_original":"${occurredAt}"`;
  return { moreFields: time + original + fields.untimed, sentOccurredMs };
}
