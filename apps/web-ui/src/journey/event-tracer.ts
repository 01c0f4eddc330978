import { type DocumentQuery, type DocumentReply, GROUPS, type RecordPlace } from '@pipeline/event-schema';
import { type History } from '../query/history.ts';
import { type OffsetSource } from '../status/broker-watch.ts';
import { type DeadLetters, type FoundLetter } from './dead-letters.ts';
import { type Journey, type Position, type Stop } from '../protocol/journey.ts';
import { type RecentEvents } from './recent-events.ts';
import { type Refusals } from './refusals.ts';

export interface TracerParts {
  readonly history: Pick<History, 'document' | 'file'>;
  readonly offsets: Pick<OffsetSource, 'committed'>;
  readonly deadLetters: DeadLetters;
  readonly refusals: Refusals;
  readonly recent: Pick<RecentEvents, 'find' | 'at'>;
}

type Known = Pick<Journey, 'position' | 'pick'>;
type Way = Pick<Journey, 'position' | 'hdfs' | 'elasticsearch'>;
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
    const { position, pick } = knownFrom(document) ?? this.parts.recent.find(eventId) ?? {};
    const way = await this.wayOf({ eventId }, document, position);
    if (way.position) return { eventId, ...(pick && { pick }), ...way };
    const refusal = await this.parts.refusals.find(eventId).catch(() => 'no-answer' as const);
    if (refusal === undefined) return { eventId, ...way };
    if (refusal !== 'no-answer') return { eventId, refusal, hdfs: NOT_FOUND, elasticsearch: NOT_FOUND };
    return { eventId, hdfs: NO_ANSWER, elasticsearch: NO_ANSWER };
  }

  /**
   * The same for the record at a place, of which the answer tells nothing that the event says. Never rejects.
   */
  async traceAt(place: RecordPlace): Promise<Journey> {
    const recent = this.parts.recent.at(place);
    // Of several copies the index may have made its document of another one.
    const question = recent ? { eventId: recent.eventId } : place;
    const document = await this.parts.history.document(question).catch(() => undefined);
    const position = recent?.position ?? knownFrom(document)?.position;
    const { hdfs, elasticsearch, ...way } = await this.wayOf(place, document, position);
    return { ...way, hdfs: withoutMessage(hdfs), elasticsearch: withoutMessage(elasticsearch) };
  }

  /** How far the event has come; where neither the index nor the live feed has it, a dead letter may know its place. */
  private async wayOf(
    sought: DocumentQuery,
    document: DocumentReply | undefined,
    position: Position | undefined,
  ): Promise<Way> {
    if (position) {
      const stops = await this.stops(document, position);
      const isOpen = stops.hdfs === NOT_FOUND || stops.elasticsearch === NOT_FOUND;
      return { position, ...(isOpen ? explained(stops, await this.letters(sought), position) : stops) };
    }
    const letters = await this.letters(sought);
    const told = letters?.[0]?.position;
    if (told) return { position: told, ...explained(await this.stops(document, told), letters, told) };
    const stop = letters ? NOT_FOUND : NO_ANSWER;
    return { hdfs: stop, elasticsearch: document ? stop : NO_ANSWER };
  }

  private letters(sought: DocumentQuery): Promise<Letters> {
    return this.parts.deadLetters.find(sought).catch(() => undefined);
  }

  private async stops(document: DocumentReply | undefined, position: Position) {
    const [hdfs, elasticsearch] = await Promise.all([
      this.inFiles(position),
      this.inIndex(document, position),
    ]);
    return { hdfs, elasticsearch };
  }

  private async inFiles(position: Position): Promise<Stop> {
    const reply = await this.parts.history.file(position).catch(() => undefined);
    if (reply?.path !== undefined) return { state: 'stored', place: reply.path };
    return reply ? this.waiting(GROUPS.hdfsSink, position) : NO_ANSWER;
  }

  private async inIndex(document: DocumentReply | undefined, position: Position): Promise<Stop> {
    if (document?.found) return { state: 'stored', place: document.found.index };
    if (!document) return NO_ANSWER;
    return this.waiting(GROUPS.esSink, position);
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

/**
 * What was found nowhere is looked for among the dead letters. So is a record that a file covers: the offsets in the name of
 * a file include those of records that were set aside.
 */
function explained(stops: Pick<Journey, 'hdfs' | 'elasticsearch'>, letters: Letters, position: Position) {
  const explain = (stop: Stop, group: string): Stop => {
    if (stop !== NOT_FOUND) return stop;
    if (!letters) return NO_ANSWER;
    return setAside(letters.find((one) => one.group === group)) ?? stop;
  };
  const covered = letters?.find((one) => one.group === GROUPS.hdfsSink && isAt(one.position, position));
  return {
    hdfs: setAside(covered) ?? explain(stops.hdfs, GROUPS.hdfsSink),
    elasticsearch: explain(stops.elasticsearch, GROUPS.esSink),
  };
}

function setAside(letter: FoundLetter | undefined): Stop | undefined {
  return letter && { state: 'dead-lettered', code: letter.code, message: letter.message };
}

function isAt(one: Position, { topic, partition, offset }: Position): boolean {
  return one.topic === topic && one.partition === partition && one.offset === offset;
}

function withoutMessage(stop: Stop): Stop {
  return stop.state === 'dead-lettered' ? { state: stop.state, code: stop.code } : stop;
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
