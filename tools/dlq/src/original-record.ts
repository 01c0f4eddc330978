import { deadLetterTopic } from '@pipeline/event-schema';
import { type OutgoingRecord } from '@pipeline/kafka-transport';
import { type Letter } from './letter.ts';

/** Names the dead letter that a record was made from again. */
export const REPLAY_OF = 'replay_of';

const PROVENANCE = 'dlq.';

/** `<dead-letter topic>/<partition>/<offset>`. */
export function letterName(topic: string, { sink, partition, offset }: Letter): string {
  return `${deadLetterTopic(topic, sink)}/${partition}/${offset}`;
}

/** The record as it was produced at first: key, bytes and headers; one header more says which letter it comes from. */
export function originalRecord(topic: string, letter: Letter): OutgoingRecord {
  const { key, value, headers = {} } = letter.record;
  const own = Object.entries(headers).filter(([name]) => !name.startsWith(PROVENANCE));
  return {
    key,
    value,
    // A header may be a list, which the client takes and its type does not say.
    headers: { ...Object.fromEntries(own), [REPLAY_OF]: letterName(topic, letter) },
  };
}
