import { isUtf8 } from 'node:buffer';
import { hasOtherSpelling, parseAsSpelt } from './number-spelling.ts';
import { IntakeRefusal } from '../refusal.ts';

/** Events that came together, parsed and not looked at. */
export class ReceivedEvents {
  private eventText: EventText | undefined;
  private isScanned = false;

  /**
   * @param text the JSON they come from, if they come from any.
   * @param spelt the same with each number as it was spelt; undefined if JavaScript spells every number so, or if the text
   *   is to tell.
   */
  constructor(
    readonly values: readonly unknown[],
    private readonly text?: string,
    private spelt?: readonly object[],
  ) {}

  /** The value at an index with its numbers digit for digit, or nothing where it is written with them so already. */
  asSpelt(index: number, written: WrittenEvent): object | undefined {
    const { text } = this;
    if (text !== undefined && !this.isScanned) {
      this.eventText ??= new EventText(text);
      if (this.eventText.holds(written)) return undefined;
      this.scan(text);
    }
    return this.spelt?.[index];
  }

  /** To be told of an event that is not asked for: what it holds could pass for a part of the request. */
  leaveOut(): void {
    if (this.text !== undefined && !this.isScanned) this.scan(this.text);
  }

  private scan(text: string): void {
    this.isScanned = true;
    if (hasOtherSpelling(Buffer.from(text))) this.spelt = [parseAsSpelt(text)].flat(1) as object[];
  }
}

/** An event of a request as JavaScript writes it again, and the fields that are not written with it. */
export interface WrittenEvent {
  /** Without its times. */
  readonly json: string;
  readonly eventId: string;
  readonly occurredAt: string | null | undefined;
  readonly sentAt: string | null | undefined;
}

const OCCURRED_AT = ',"occurred_at":"';
const SENT_AT = ',"sent_at":"';
const QUOTE = '"';

/** Where `occurred_at` was in the last event that had one, from the event's beginning: mostly all events are built alike. */
let usualGap = 0;

/**
 * The text of a request, in which its events follow each other. Tells whether an event stands there as JavaScript writes
 * it: then each of its numbers is spelt as JavaScript spells it. Comparing two texts is many times as fast as reading one.
 */
export class EventText {
  /** Where the next event should begin. */
  private at: number;

  constructor(private readonly text: string) {
    this.at = text.startsWith('[') ? 1 : 0;
  }

  /**
   * Whether the event stands in the text as it is written, its times aside. Events are asked for in their order; one may be
   * left out if it holds no number in an unknown field, for then no part of it can be taken for a later event that does.
   * Wrong only in saying no: what it compares is the whole event, id and all.
   */
  holds(event: WrittenEvent): boolean {
    if (this.holdsNext(event)) return true;
    const at = this.text.indexOf(`{"event_id":"${event.eventId}"`, this.at);
    if (at < 0 || at === this.at) return false;
    this.at = at;
    return this.holdsNext(event);
  }

  private holdsNext(event: WrittenEvent): boolean {
    const { json, occurredAt, sentAt } = event;
    const end = typeof occurredAt !== 'string' ? this.endOf(json) : this.endAround(json, occurredAt);
    const rest = typeof sentAt !== 'string' ? '}' : `${SENT_AT}${sentAt}${QUOTE}}`;
    if (end < 0 || !this.text.startsWith(rest, end)) return false;
    this.at = end + rest.length + ','.length;
    return true;
  }

  /** Where its last field ends; -1 where another text stands there. */
  private endOf(json: string): number {
    const last = json.length - 1;
    const end = this.at + last;
    return this.text.slice(this.at, end) === json.slice(0, last) ? end : -1;
  }

  /** The same where `occurred_at` stands between the fields, or behind them. */
  private endAround(json: string, occurredAt: string): number {
    const gapLength = OCCURRED_AT.length + occurredAt.length + QUOTE.length;
    const end = this.endBehind(json, gapLength);
    if (end >= 0) return end;
    const gap = this.text.indexOf(OCCURRED_AT, this.at) - this.at;
    if (gap < 0 || gap === usualGap) return -1;
    usualGap = gap;
    return this.endBehind(json, gapLength);
  }

  private endBehind(json: string, gapLength: number): number {
    const { text, at } = this;
    const last = json.length - 1;
    const gapAt = at + usualGap;
    if (usualGap > last || !text.startsWith(OCCURRED_AT, gapAt)) return -1;
    const behind = gapAt + gapLength;
    const end = behind + last - usualGap;
    const isSame =
      text.slice(at, gapAt) === json.slice(0, usualGap) &&
      text.slice(behind, end) === json.slice(usualGap, last);
    return isSame ? end : -1;
  }
}

/**
 * The values in a JSON text: one, or the elements of an array. They are parsed once and not looked at.
 * @throws IntakeRefusal
 */
export function readEvents(json: Buffer, maxEvents: number): ReceivedEvents {
  if (!isUtf8(json)) throw new IntakeRefusal('not-utf8');
  const text = json.toString();
  const parsed = parseJson(text);
  if (!Array.isArray(parsed)) return new ReceivedEvents([parsed], text);
  if (parsed.length === 0) throw new IntakeRefusal('no-events');
  if (parsed.length > maxEvents) throw new IntakeRefusal('too-many-events');
  return new ReceivedEvents(parsed, text);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new IntakeRefusal('malformed-json');
  }
}
