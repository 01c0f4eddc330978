import { EVENT_TOPICS, rejectedTopic } from '@pipeline/event-schema';
import { readRejectedEvent } from '@pipeline/event-schema/contract';
import { type KafkaRecord, type TopicReader } from '@pipeline/kafka-transport';
import { type Refusal } from '../protocol/journey.ts';
import { OneLookUp } from './kafka.dead-letters.ts';
import { type Refusals } from './refusals.ts';

/** Senders can make many refused events: only the newest are looked at, so that a look-up ends in time. */
const NEWEST = 20_000;

/** Reads the newest of `<topic>.rejected`. */
export class KafkaRefusals implements Refusals {
  private readonly lookUp = new OneLookUp();

  constructor(private readonly reader: Pick<TopicReader, 'read'>) {}

  find(eventId: string): Promise<Refusal | undefined> {
    return this.lookUp.run(async () => {
      let newest: Refusal | undefined;
      const look = ({ records }: { readonly records: readonly KafkaRecord[] }): void => {
        for (const { value } of records) {
          const refusal = value?.includes(eventId) ? refusalOf(value, eventId) : undefined;
          if (refusal && !(newest && newest.receivedAt > refusal.receivedAt)) newest = refusal;
        }
      };
      for (const name of EVENT_TOPICS) await this.reader.read(rejectedTopic(name), look, { newest: NEWEST });
      return newest;
    });
  }
}

/** Nothing where no collector has written it, or the id is no more than a part of another field. */
function refusalOf(value: Buffer, eventId: string): Refusal | undefined {
  const rejected = readRejectedEvent(value);
  if (!rejected) return undefined;
  const { event, text, code, message, path, received_at } = rejected;
  const isMeant = text?.includes(`"event_id":"${eventId}"`) ?? idOf(event) === eventId;
  return isMeant ? { code, message, path, receivedAt: received_at } : undefined;
}

function idOf(event: unknown): unknown {
  return (event as { readonly event_id?: unknown } | null | undefined)?.event_id;
}
