import { deadLetterTopic } from '@pipeline/event-schema';
import { originalHeaders, type OutgoingRecord } from '@pipeline/kafka-transport';
import { type Letter } from './letter.ts';

/** Names the dead letter that a record was made from again. */
export const REPLAY_OF = 'replay_of';

/** `<dead-letter topic>/<partition>/<offset>`. */
export function letterName(topic: string, { sink, partition, offset }: Letter): string {
  return `${deadLetterTopic(topic, sink)}/${partition}/${offset}`;
}

/** The record as it was produced at first: key, bytes and headers; one header more says which letter it comes from. */
export function originalRecord(topic: string, letter: Letter): OutgoingRecord {
  const { key, value, headers = {} } = letter.record;
  return {
    key,
    value,
    headers: { ...originalHeaders(headers), [REPLAY_OF]: letterName(topic, letter) },
  };
}
