import { formatInstant, NO_TIME_SENT, parseInstant } from '@pipeline/event-schema';
import { dropCollectorFields, type ValidEvent } from '@pipeline/event-schema/contract';
import { newEventId } from '../new-event-id.ts';
import { type Origin } from '../origin.ts';

/** An event that lacks only its times and the fields of its origin: what a repetition says again. */
export type StampedEvent = ValidEvent & { readonly event_id: string; readonly schema_version: number };

/** What is still to follow in the JSON of an event, and what it said of its time. */
interface Stamp {
  /** `,"name":value…}` */
  readonly moreFields: string;
  /** `occurred_at` as it was sent, in milliseconds since the epoch; 0 if it was not. */
  readonly sentOccurredMs: number;
}

/** Completes valid events with what their origin knows; one for all events of an origin. */
export class EventStamper {
  /** The end of the JSON of an event whose times are written already. */
  private readonly untimed: string;
  /** The same for events that do not say when they happened. */
  private readonly timed: string;
  /** The same for those of them that brought an id of their own. */
  private readonly timedWithId: string;
  /** Of the last finished event, which mostly shares its end with the next. */
  private finished = { moreFields: '', isTimed: true, end: '' };

  constructor(private readonly origin: Origin) {
    const receivedAt = formatInstant(origin.receivedMs);
    const fields = JSON.stringify(origin.fields).slice(1);
    this.untimed = `,"received_at":"${receivedAt}"${fields === '}' ? '' : ','}${fields}`;
    this.timed = `,"occurred_at":"${receivedAt}"${this.untimed}`;
    this.timedWithId = `,"occurred_at_original":"${NO_TIME_SENT}"${this.timed}`;
  }

  /**
   * Sets what is absent: id, version, times. Changes the object it is given; fields of the collector that were sent with
   * it are dropped, and so are its times, which follow as corrected.
   */
  stamp(event: ValidEvent, latestVersion: number): Stamp {
    dropCollectorFields(event);
    const { receivedMs, withheld } = this.origin;
    const bringsId = event.event_id !== undefined && event.event_id !== null;
    if (!bringsId) event.event_id = newEventId(receivedMs);
    event.schema_version ??= latestVersion;
    if (withheld.length > 0) for (const name of withheld) drop(event, name);
    const { occurred_at: occurredAt, sent_at: sentAt } = event;
    if (sentAt !== undefined) drop(event, 'sent_at');
    if (occurredAt !== undefined) drop(event, 'occurred_at');
    if (occurredAt !== undefined && occurredAt !== null)
      return this.corrected(occurredAt, sentAt ?? undefined);
    return { moreFields: bringsId ? this.timedWithId : this.timed, sentOccurredMs: 0 };
  }

  /** The end of the JSON of an event that its ingress has finished: `,"name":value…}`. */
  endOf({ moreFields, isTimed }: { readonly moreFields: string; readonly isTimed: boolean }): string {
    const last = this.finished;
    if (last.end !== '' && last.moreFields === moreFields && last.isTimed === isTimed) return last.end;
    const end = moreFields + (isTimed ? this.untimed : this.timedWithId);
    this.finished = { moreFields, isTimed, end };
    return end;
  }

  private corrected(occurredAt: string, sentAt: string | undefined): Stamp {
    const occurredMs = parseInstant(occurredAt);
    const sentMs = sentAt === undefined ? undefined : parseInstant(sentAt);
    const correctedMs = correctedTime({ occurredMs, sentMs, receivedMs: this.origin.receivedMs });
    const time = `,"occurred_at":"${formatInstant(correctedMs)}"`;
    // An instant holds nothing that JSON escapes.
    const original = correctedMs === occurredMs ? '' : `,"occurred_at_original":"${occurredAt}"`;
    return { moreFields: time + original + this.untimed, sentOccurredMs: occurredMs };
  }
}

/** A field that is not there is not made: the object keeps the shape in which it was parsed. */
function drop(fields: Record<string, unknown>, name: string): void {
  if (fields[name] !== undefined) fields[name] = undefined;
}

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Events may be this old; older ones count as this old. Indexes of older days may be gone. */
export const MAX_AGE_MS = 7 * DAY_MS;

/**
 * When an event happened by our clock, in milliseconds since the epoch. The sender's clock may be wrong, but its
 * differences are right, so the event is as old as it was by that clock when it was sent. Never in the future, never older
 * than {@link MAX_AGE_MS}. Source: Snowplow's `derived_tstamp`.
 * @param sentMs when the event was sent, by the clock that says `occurredMs`.
 */
export function correctedTime({
  occurredMs,
  sentMs,
  receivedMs,
}: {
  readonly occurredMs: number;
  readonly sentMs: number | undefined;
  readonly receivedMs: number;
}): number {
  const corrected = sentMs === undefined ? occurredMs : receivedMs - (sentMs - occurredMs);
  return Math.min(receivedMs, Math.max(receivedMs - MAX_AGE_MS, corrected));
}
