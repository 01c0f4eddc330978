import { DecodeError } from './decode-error.ts';
import { jsonLine } from './json-line.ts';
import { identity, type JsonNotes } from './json-syntax.ts';
import { NameJudge } from './name-judge.ts';
import { fieldsOfEvents } from '../stored-fields.ts';

const judges = new Map<string, NameJudge>();

/** Judges the names of the events of a topic, by the fields of their type. One scan runs at a time, so one serves all partitions. */
export function namesOfEvents(topic: string): NameJudge {
  const known = judges.get(topic) ?? new NameJudge(fieldsOfEvents(topic));
  judges.set(topic, known);
  return known;
}

/**
 * As {@link jsonLine}, for the record of an event: it must also say who it is and when it was, so that both stores can
 * keep it, once, and find it by its time. Without an id Elasticsearch has no name for a document and the Hive view takes
 * all such rows for one event; a `received_at` that is no instant is refused by Elasticsearch and by no reader of files.
 * @param notes of the fields of the same topic as `names`.
 * @param names of its topic, from {@link namesOfEvents}; absent: those that events of all types have are judged.
 * @returns a {@link DecodeError} `missing-field` without `event_id` or `occurred_at`, `invalid-field` where one of
 * `event_id`, `occurred_at`, `received_at` is wrong; `received_at` may be absent.
 */
export function eventLine(value: Buffer | null, notes?: JsonNotes, names?: NameJudge): Buffer | DecodeError {
  const line = jsonLine(value, notes, names);
  return line instanceof DecodeError ? line : (identity.fault() ?? line);
}
