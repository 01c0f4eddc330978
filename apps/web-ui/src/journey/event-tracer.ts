import { type DocumentReply, GROUPS } from '@pipeline/event-schema';
import { type History } from '../query/history.ts';
import { type OffsetSource } from '../status/broker-watch.ts';
import { type DeadLetters } from './dead-letters.ts';
import { type Journey, type Position, type Stop } from './journey.ts';
import { type RecentEvents } from './recent-events.ts';

export interface TracerParts {
  readonly history: Pick<History, 'document' | 'file'>;
  readonly offsets: Pick<OffsetSource, 'committed'>;
  readonly deadLetters: DeadLetters;
  readonly recent: Pick<RecentEvents, 'find'>;
}

const NO_ANSWER: Stop = { state: 'no-answer' };
const NOT_FOUND: Stop = { state: 'not-found' };

/** Finds out what became of an event: asks both sinks and the broker, and the dead letters only when those do not explain it. */
export class EventTracer {
  constructor(private readonly parts: TracerParts) {}

  /** Never rejects: who does not answer is named in the journey. */
  async trace(eventId: string): Promise<Journey> {
    const document = await this.parts.history.document({ eventId }).catch(() => undefined);
    const position = positionOf(document) ?? this.parts.recent.find(eventId);
    const [hdfs, elasticsearch] = await Promise.all([
      this.inFiles(position),
      this.inIndex(document, position),
    ]);
    const stops = { hdfs, elasticsearch };
    return { eventId, ...(position && { position }), ...(await this.explained(eventId, stops)) };
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

  private async explained(eventId: string, { hdfs, elasticsearch }: Pick<Journey, 'hdfs' | 'elasticsearch'>) {
    if (hdfs !== NOT_FOUND && elasticsearch !== NOT_FOUND) return { hdfs, elasticsearch };
    const letters = await this.parts.deadLetters.find(eventId).catch(() => undefined);
    const explain = (stop: Stop, group: string): Stop => {
      if (stop !== NOT_FOUND) return stop;
      if (!letters) return NO_ANSWER;
      const letter = letters.find((one) => one.group === group);
      return letter ? { state: 'dead-lettered', code: letter.code, message: letter.message } : stop;
    };
    return { hdfs: explain(hdfs, GROUPS.hdfsSink), elasticsearch: explain(elasticsearch, GROUPS.esSink) };
  }
}

function positionOf(document: DocumentReply | undefined): Position | undefined {
  if (!document?.found) return undefined;
  const {
    kafka_topic: topic,
    kafka_partition: partition,
    kafka_offset: offset,
    received_at,
  } = document.found.event;
  return { topic, partition, offset, receivedAt: received_at };
}
