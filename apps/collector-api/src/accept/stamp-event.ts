import {
  formatInstant,
  isCanonicalInstant,
  parseInstant,
  type EventRecord,
  type ValidEvent,
} from '@pipeline/event-schema';
import { type Span } from '@pipeline/observability';
import { type BotReason } from './bot-detector.ts';
import { correctedTime } from './corrected-time.ts';
import { newEventId } from './new-event-id.ts';

/** What the collector knows about the request that brought an event. */
export interface Sender {
  readonly receivedMs: number;
  /** `receivedMs` as it is stored. */
  readonly receivedAt: string;
  readonly userAgent: string;
  /** W3C trace context of the request. */
  readonly traceparent: string;
  /** What is traced of it; ended by whoever answers. */
  readonly span: Span;
  /** Nothing where it looks like a browser. */
  readonly botReason: BotReason | undefined;
  /** `Sec-GPC: 1` or `DNT: 1`: no id of the visitor is kept. */
  readonly refusesTracking: boolean;
  /** Of the client's address, where it is to be stored. */
  readonly network: string | undefined;
}

/**
 * Completes a valid event with what the collector sets: id and version where they are absent, times, who sent it.
 * Changes the object it is given and returns it; fields of the collector that a page sent are replaced.
 */
export function stampEvent(event: ValidEvent, latestVersion: number, sender: Sender): EventRecord {
  const fields: Record<string, unknown> = event;
  fields['event_id'] ??= newEventId(sender.receivedMs);
  fields['schema_version'] ??= latestVersion;
  const { occurredAt, original } = occurrence(event, sender);
  fields['occurred_at'] = occurredAt;
  fields['occurred_at_original'] = original;
  fields['sent_at'] = undefined;
  fields['user_agent'] = sender.userAgent;
  fields['received_at'] = sender.receivedAt;
  fields['is_bot'] = sender.botReason !== undefined;
  replace(fields, 'bot_reason', sender.botReason);
  replace(fields, 'client_network', sender.network);
  if (sender.refusesTracking) {
    fields['visitor_id'] = undefined;
    fields['session_id'] = undefined;
  }
  return fields as EventRecord;
}

/** A field that is mostly absent: the object's shape stays as it was parsed where there is nothing to say. */
function replace(fields: Record<string, unknown>, name: string, value: string | undefined): void {
  if (value !== undefined || name in fields) fields[name] = value;
}

function occurrence({ occurred_at: text, sent_at: sent }: ValidEvent, { receivedMs, receivedAt }: Sender) {
  if (text === undefined || text === null) return { occurredAt: receivedAt, original: undefined };
  const occurredMs = parseInstant(text);
  const sentMs = sent === undefined || sent === null ? undefined : parseInstant(sent);
  const correctedMs = correctedTime({ occurredMs, sentMs, receivedMs });
  const isKept = correctedMs === occurredMs;
  return {
    occurredAt: isKept && isCanonicalInstant(text) ? text : formatInstant(correctedMs),
    original: isKept ? undefined : text,
  };
}
