import {
  headerEntries,
  headerText,
  type KafkaRecord,
  type MutableHeaders,
  noHeaders,
  type OutgoingRecord,
  type RecordHeaders,
} from '@pipeline/kafka-wire';

/** Why and where a record could not be stored; each field becomes a header of the dead letter. */
export interface DeadLetterReason {
  readonly code: string;
  readonly message: string;
  readonly topic: string;
  readonly partition: number;
  /** The consumer group of the sink that gave up. */
  readonly sink: string;
  readonly attempt: number;
}

/** Header names of a dead letter, beside the original record's own headers. */
export const DEAD_LETTER_HEADERS = {
  code: 'dlq.code',
  message: 'dlq.message',
  topic: 'dlq.topic',
  partition: 'dlq.partition',
  offset: 'dlq.offset',
  timestamp: 'dlq.timestamp',
  sink: 'dlq.sink',
  attempt: 'dlq.attempt',
  failedAt: 'dlq.failed_at',
  /** Which parts of the record the letter does not have whole, a comma list; absent: none. */
  truncated: 'dlq.truncated',
  /** How long the value was, where it was cut; how long the whole record, where it was not read to its end. */
  valueBytes: 'dlq.value_bytes',
} as const;

/** A header of the record itself that looks like one of ours is kept with this before its name. */
const OWN_PREFIX = 'dlq.own.';
const PREFIX = 'dlq.';

const MAX_MESSAGE_LENGTH = 1_000;

/** What of a record a letter keeps. */
export interface KeptParts {
  readonly headers: boolean;
  readonly keyBytes: number;
  readonly valueBytes: number;
}

const WHOLE: KeptParts = { headers: true, keyBytes: Infinity, valueBytes: Infinity };
/** For a record that cannot even be looked at. */
const NOTHING: KeptParts = { headers: false, keyBytes: 0, valueBytes: 0 };
const SMALLEST_BUDGET = 4_096;

/** The dead letter of a record: original key, bytes and headers, as far as they are kept, plus provenance. */
export function deadLetter(
  record: KafkaRecord,
  reason: DeadLetterReason,
  kept: KeptParts = WHOLE,
): OutgoingRecord {
  const names = DEAD_LETTER_HEADERS;
  const key = kept.keyBytes > 0 ? beginning(record.key, kept.keyBytes) : null;
  const value = kept.valueBytes > 0 ? beginning(record.value, kept.valueBytes) : null;
  return {
    key,
    value,
    headers: {
      ...(kept.headers && escaped(record.headers)),
      [names.code]: reason.code,
      [names.message]: reason.message.slice(0, MAX_MESSAGE_LENGTH),
      [names.topic]: reason.topic,
      [names.partition]: String(reason.partition),
      [names.offset]: String(record.offset),
      [names.timestamp]: String(record.timestamp),
      [names.sink]: reason.sink,
      [names.attempt]: String(reason.attempt),
      [names.failedAt]: new Date().toISOString(),
      ...truncation(record, kept),
    },
  };
}

/** Forms of a letter that is too large, each half as large as the one before; the last one is only provenance. */
export function* smallerForms({ key, value, headers = {} }: KafkaRecord): Generator<KeptParts> {
  const headerBytes = sizeOf(headers);
  const keyLength = key?.length ?? 0;
  const bytes = headerBytes + keyLength + (value?.length ?? 0);
  for (let budget = 2 ** Math.floor(Math.log2(bytes)); budget >= SMALLEST_BUDGET; budget /= 2) {
    const keepsHeaders = headerBytes <= budget / 4;
    const keyBytes = Math.min(keyLength, budget / 4);
    const valueBytes = budget - keyBytes - (keepsHeaders ? headerBytes : 0);
    yield { headers: keepsHeaders, keyBytes: Math.max(1, keyBytes), valueBytes };
  }
  yield { ...NOTHING };
}

/** Forms of a letter that cannot be written although it is not too large. */
export const SIMPLER_FORMS: readonly KeptParts[] = [{ ...WHOLE, headers: false }, NOTHING];

/** The headers of the record that a letter was made of. */
export function originalHeaders(headers: RecordHeaders): RecordHeaders {
  const own = noHeaders();
  for (const [name, values] of Object.entries(headers)) {
    if (name.startsWith(OWN_PREFIX)) copyHeader(own, name.slice(OWN_PREFIX.length), values);
    else if (!name.startsWith(PREFIX)) copyHeader(own, name, values);
  }
  return own;
}

/** What a sink has written into the headers of a dead letter. */
export interface Letterhead extends Omit<DeadLetterReason, 'attempt'> {
  /** Decimal, of the refused record. */
  readonly offset: string;
  /** When the broker appended the record; absent where no clock can have said so. */
  readonly appendedAt?: Date;
  readonly failedAt: Date;
  /** Parts of the record that the letter does not have whole. */
  readonly truncated: readonly string[];
}

/** @returns undefined for a record that no sink has written: strangers may write to a dead-letter topic. */
export function readLetterhead(headers: RecordHeaders | undefined): Letterhead | undefined {
  const names = DEAD_LETTER_HEADERS;
  const text = (name: keyof typeof names) => headerText(headers, names[name]) ?? '';
  const [code, topic, partition, offset] = [text('code'), text('topic'), text('partition'), text('offset')];
  const failedAt = new Date(text('failedAt'));
  const isLetter =
    /^[a-z0-9-]{1,64}$/.test(code) &&
    /^[\w.-]{1,249}$/.test(topic) &&
    /^\d{1,9}$/.test(partition) &&
    /^\d{1,19}$/.test(offset) &&
    !Number.isNaN(failedAt.getTime());
  if (!isLetter) return undefined;
  const appendedAt = new Date(Number(text('timestamp') || NaN));
  return {
    ...{ code, topic, offset, failedAt },
    message: text('message'),
    partition: Number(partition),
    sink: text('sink'),
    ...(!Number.isNaN(appendedAt.getTime()) && { appendedAt }),
    truncated: text('truncated') === '' ? [] : text('truncated').split(','),
  };
}

function sizeOf(headers: RecordHeaders): number {
  return headerEntries(headers).reduce((sum, [name, value]) => sum + name.length + (value?.length ?? 0), 0);
}

function beginning(part: Buffer | null, bytes: number): Buffer | null {
  return part === null || part.length <= bytes ? part : part.subarray(0, bytes);
}

function truncation(record: KafkaRecord, kept: KeptParts): RecordHeaders {
  const { cutFromBytes } = record;
  if (kept === WHOLE && cutFromBytes === undefined) return {};
  const names = DEAD_LETTER_HEADERS;
  if (kept === NOTHING) return { [names.truncated]: 'headers,key,value' };
  const { key, value, headers = {} } = record;
  const isCut = cutFromBytes !== undefined || (value !== null && value.length > kept.valueBytes);
  const parts = [
    ...(!kept.headers && Object.keys(headers).length > 0 ? ['headers'] : []),
    ...(key !== null && key.length > kept.keyBytes ? ['key'] : []),
    ...(isCut ? ['value'] : []),
  ];
  return {
    [names.truncated]: parts.join(','),
    ...(isCut && { [names.valueBytes]: String(cutFromBytes ?? value?.length) }),
  };
}

function escaped(headers: RecordHeaders = {}): RecordHeaders {
  const own = noHeaders();
  for (const [name, values] of Object.entries(headers))
    copyHeader(own, name.startsWith(PREFIX) ? OWN_PREFIX + name : name, values);
  return own;
}

function copyHeader(headers: MutableHeaders, name: string, values: RecordHeaders[string]): void {
  headers[name] = values as MutableHeaders[string];
}
