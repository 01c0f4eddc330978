import { type DocumentReply, GROUPS } from '@pipeline/event-schema';
import { type History } from '../query/history.ts';
import { type OffsetSource } from '../status/broker-watch.ts';
import { type DeadLetters, type FoundLetter } from './dead-letters.ts';
import { type Journey, type Position, type Stop } from './journey.ts';
import { type RecentEvent, type RecentEvents } from './recent-events.ts';
import { type Refusals } from './refusals.ts';

export interface TracerParts {
  readonly history: Pick<History, 'document' | 'file'>;
  readonly offsets: Pick<OffsetSource, 'committed'>;
  readonly deadLetters: DeadLetters;
  readonly refusals: Refusals;
  readonly recent: Pick<RecentEvents, 'find'>;
}

type Known = Partial<RecentEvent>;
/** Dead letters of the event; nothing when they could not be read. */
type Letters = readonly FoundLetter[] | undefined;

const NO_ANSWER: Stop = { state: 'no-answer' };
const NOT_FOUND: Stop = { state: 'not-found' };

/**
 * Finds out what became of an event: asks both sinks and the broker. Dead letters are read only when those do not
 * explain it, and what the collector refused only when nobody after it knows the event.
 */
export class EventTracer {
  constructor(private readonly parts: TracerParts) {}

  /** Never rejects: who does not answer is named in the journey. */
  async trace(eventId: string): Promise<Journey> {
    const document = await this.parts.history.document({ eventId }).catch(() => undefined);
    const known = knownFrom(document) ?? this.parts.recent.find(eventId);
    if (!known) return this.traceUnknown(eventId, document);
    const stops = await this.stops(document, known.position);
    const isOpen = stops.hdfs === NOT_FOUND || stops.elasticsearch === NOT_FOUND;
    return { eventId, ...known, ...(isOpen ? explained(stops, await this.letters(eventId)) : stops) };
  }

  /** An event that neither the index nor the live feed has. */
  private async traceUnknown(eventId: string, document: DocumentReply | undefined): Promise<Journey> {
    const letters = await this.letters(eventId);
    const position = letters?.[0]?.position;
    if (position) return { eventId, position, ...explained(await this.stops(document, position), letters) };
    const refusal = await this.parts.refusals.find(eventId).catch(() => 'no-answer' as const);
    if (refusal && refusal !== 'no-answer')
      return { eventId, refusal, hdfs: NOT_FOUND, elasticsearch: NOT_FOUND };
    const stop = letters && refusal === undefined ? NOT_FOUND : NO_ANSWER;
    return { eventId, hdfs: stop, elasticsearch: document ? stop : NO_ANSWER };
  }

  private letters(eventId: string): Promise<Letters> {
    return this.parts.deadLetters.find(eventId).catch(() => undefined);
  }

  private async stops(document: DocumentReply | undefined, position: Position | undefined) {
    const [hdfs, elasticsearch] = await Promise.all([
      this.inFiles(position),
      this.inIndex(document, position),
    ]);
    return { hdfs, elasticsearch };
  }

  private async inFiles(position: Position | undefined): Promise<Stop> {
    if (!position) return NOT_FOUND;
    const reply = await this.parts.history.file(position).catch(() => undefined);
    if (reply?.path !== undefined) return { state: 'stored', place: reply.path };
    return reply ? this.waiting(GROUPS.hdfsSink, position) : NO_ANSWER;
  }

  private async inIndex(document: DocumentReply | undefined, position: Position | undefined): Promise<Stop> {
    if (document?.found) return { state: 'stored', place: document.found.index };
    if (!document) return NO_ANSWER;
    return position ? this.waiting(GROUPS.esSink, position) : NOT_FOUND;
  }

  private async waiting(group: string, { topic, partition, offset }: Position): Promise<Stop> {
    try {
      const committed = (await this.parts.offsets.committed(group, [topic])).get(topic)?.get(partition) ?? 0n;
      const records = offset - Number(committed) + 1;
      return records > 0 ? { state: 'waiting', records } : NOT_FOUND;
    } catch {
      return NO_ANSWER;
    }
  }
}

/** What was found nowhere is looked for among the dead letters. */
function explained({ hdfs, elasticsearch }: Pick<Journey, 'hdfs' | 'elasticsearch'>, letters: Letters) {
  const explain = (stop: Stop, group: string): Stop => {
    if (stop !== NOT_FOUND) return stop;
    if (!letters) return NO_ANSWER;
    const letter = letters.find((one) => one.group === group);
    return letter ? { state: 'dead-lettered', code: letter.code, message: letter.message } : stop;
  };
  return { hdfs: explain(hdfs, GROUPS.hdfsSink), elasticsearch: explain(elasticsearch, GROUPS.esSink) };
}

function knownFrom(document: DocumentReply | undefined): Known | undefined {
  if (!document?.found) return undefined;
  const { event } = document.found;
  const position = {
    topic: event.kafka_topic,
    partition: event.kafka_partition,
    offset: event.kafka_offset,
    receivedAt: event.received_at,
  };
  const { user_name: userName, color_name: color } = event;
  return userName === undefined || color === undefined
    ? { position }
    : { position, pick: { userName, color } };
}
