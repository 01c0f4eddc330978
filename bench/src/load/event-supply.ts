import {
  BatchesLeftError,
  BatchSealer,
  type BatchSender,
  type PartitionBatch,
  pause,
} from '@pipeline/kafka-transport';
import { EVENT_HEADERS, StoredEvents } from './stored-event.ts';

/** Records of one produce request, over all partitions, as a busy collector sends them. */
const RECORDS_PER_REQUEST = 1_500;
const MOST_IN_FLIGHT = 4;
const ATTEMPTS = 50;
const PAUSE_MS = 100;

/** Numbered events `[first, first + count)` of one moment. */
export interface EventRange {
  readonly first: number;
  readonly count: number;
  readonly atMs: number;
}

/**
 * Events of a topic, encoded once: producing them again costs hardly more than their way to the broker. Without a
 * producer's identity, so that the broker takes the same bytes as often as they are sent.
 */
export class EventSupply {
  private constructor(private readonly requests: readonly PartitionBatch[][]) {}

  /** The topic must exist; the events go to as many partitions as it has. */
  static async encode(sender: BatchSender, topic: string, range: EventRange): Promise<EventSupply> {
    const sealer = new BatchSealer(sender, { compression: 'none', idempotent: false });
    const { first, count, atMs } = range;
    const events = new StoredEvents(atMs);
    const requests: PartitionBatch[][] = [];
    for (let from = first; from < first + count; from += RECORDS_PER_REQUEST) {
      const size = Math.min(RECORDS_PER_REQUEST, first + count - from);
      const records = Array.from({ length: size }, (_, n) => ({
        key: events.key(from + n),
        value: events.value(from + n),
        headers: EVENT_HEADERS,
      }));
      requests.push(await sealer.seal(topic, records));
    }
    return new EventSupply(requests);
  }

  /** Resolves when the broker has acknowledged all of them. */
  async produce(sender: BatchSender): Promise<void> {
    const left = this.requests.values();
    const work = async (): Promise<void> => {
      for (const batches of left) await sendAll(sender, batches);
    };
    await Promise.all(Array.from({ length: MOST_IN_FLIGHT }, work));
  }
}

/** A broker does not lead the partitions of a topic at once that was created again. */
async function sendAll(sender: BatchSender, batches: readonly PartitionBatch[]): Promise<void> {
  let left = batches;
  for (let attempt = 1; ; attempt++) {
    try {
      return await sender.send(left);
    } catch (error) {
      if (attempt === ATTEMPTS || !(error instanceof BatchesLeftError)) throw error;
      left = error.left;
      await pause(PAUSE_MS);
    }
  }
}
