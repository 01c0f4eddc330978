import { isStoredInstant } from '../instant.ts';
import { DecodeError } from './decode-error.ts';
import { FIELD_KINDS, type FieldKind } from '../stored-fields.ts';

const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const COLON = 0x3a;

/** Larger than any number of two digits. */
const NO_DIGIT = 200;
const DIGIT = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x30 && byte <= 0x39 ? byte - 0x30 : NO_DIGIT,
);

/** Elasticsearch takes ids up to 512 bytes; printable ASCII keeps a character a byte. */
const EVENT_ID = /^[\x21-\x7e]{1,512}$/;
const LONGEST_ID = 512;
/** 1 for every byte of an id that needs no further look. */
const IN_ID = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x21 && byte <= 0x7e && byte !== BACKSLASH ? 1 : 0,
);

const NAMES: Readonly<Partial<Record<FieldKind, string>>> = {
  [FIELD_KINDS.eventId]: 'event_id',
  [FIELD_KINDS.occurredAt]: 'occurred_at',
  [FIELD_KINDS.receivedAt]: 'received_at',
};

/**
 * Judges the texts by which both stores know and date an event, while it is scanned: the id, when it occurred, when it was
 * received. In the usual spelling that is a look at their bytes.
 */
export class IdentityJudge {
  private hasId = false;
  private hasTime = false;
  private wrong: FieldKind = FIELD_KINDS.any;

  begin(): void {
    this.hasId = this.hasTime = false;
    this.wrong = FIELD_KINDS.any;
  }

  /** The text between the quotes is the value of a field of this kind. */
  text(kind: FieldKind, bytes: Buffer, start: number, end: number): void {
    if (kind === FIELD_KINDS.eventId) {
      if (isUsualId(bytes, start, end) || EVENT_ID.test(textBetween(bytes, start, end))) this.hasId = true;
      else this.wrong = kind;
      return;
    }
    const isRight = isUsualInstant(bytes, start, end) || isStoredInstant(textBetween(bytes, start, end));
    if (!isRight) this.wrong = kind;
    else if (kind === FIELD_KINDS.occurredAt) this.hasTime = true;
  }

  /** Whether an instant is none. */
  get hasWrongInstant(): boolean {
    return this.wrong !== FIELD_KINDS.any;
  }

  /** Why what was scanned is no event that both stores can keep; nothing where it is one. */
  fault(): DecodeError | undefined {
    if (this.wrong === FIELD_KINDS.any && this.hasId && this.hasTime) return undefined;
    const field = NAMES[this.wrong] ?? (this.hasId ? 'occurred_at' : 'event_id');
    if (this.wrong === FIELD_KINDS.any)
      return new DecodeError('missing-field', `The event has no ${field}`, { field });
    const rule =
      field === 'event_id' ? '1 to 512 printable ASCII characters' : 'an ISO-8601 instant with a zone';
    return new DecodeError('invalid-field', `${field} is not ${rule}`, { field });
  }
}

/** Four bytes at a time, as texts are read. */
function isUsualId(bytes: Buffer, start: number, end: number): boolean {
  if (end === start || end - start > LONGEST_ID) return false;
  const lastFour = end - 4;
  let at = start;
  while (
    at <= lastFour &&
    (IN_ID[bytes[at]!]! & IN_ID[bytes[at + 1]!]! & IN_ID[bytes[at + 2]!]! & IN_ID[bytes[at + 3]!]!) === 1
  )
    at += 4;
  while (at < end && IN_ID[bytes[at]!] === 1) at += 1;
  return at === end;
}

/** By month; 29 February is left to the calendar. */
const DAYS_OF_MONTH = Uint8Array.of(0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31);

/** The form that the collector writes, `2026-11-22T10:00:00.000Z`, of any day but 29 February. */
function isUsualInstant(bytes: Buffer, start: number, end: number): boolean {
  if (end - start !== 24 || bytes[start + 23] !== 0x5a || bytes[start + 10] !== 0x54) return false;
  if (bytes[start + 4] !== MINUS || bytes[start + 7] !== MINUS || bytes[start + 19] !== 0x2e) return false;
  if (bytes[start + 13] !== COLON || bytes[start + 16] !== COLON) return false;
  const month = twoDigits(bytes, start + 5);
  const day = twoDigits(bytes, start + 8);
  const isOnClock =
    twoDigits(bytes, start + 11) < 24 &&
    twoDigits(bytes, start + 14) < 60 &&
    twoDigits(bytes, start + 17) < 60;
  const isDay = day >= 1 && day <= (DAYS_OF_MONTH[month] ?? 0);
  if (!isOnClock || !isDay || twoDigits(bytes, start) > 99 || twoDigits(bytes, start + 2) > 99) return false;
  return twoDigits(bytes, start + 20) <= 99 && DIGIT[bytes[start + 22]!] !== NO_DIGIT;
}

/** The number that two bytes spell; more than 99 where one of them is no digit. */
function twoDigits(bytes: Buffer, at: number): number {
  return DIGIT[bytes[at]!]! * 10 + DIGIT[bytes[at + 1]!]!;
}

/** A text as a reader has it, its escapes resolved. */
function textBetween(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start, end);
  return text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text;
}
