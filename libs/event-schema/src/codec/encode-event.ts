import { type EventRecord } from '../stored-event.ts';

/** The bytes of an event's record: JSON in UTF-8, fields in the object's order, `undefined` ones left out. */
export function encodeEvent(event: EventRecord): Buffer {
  return Buffer.from(JSON.stringify(event));
}
