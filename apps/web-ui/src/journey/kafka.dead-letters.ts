import {
  deadLetterTopic,
  type DocumentQuery,
  EVENT_TOPICS,
  type RecordPlace,
  SINK_NAMES,
} from '@pipeline/event-schema';
import {
  type KafkaRecord,
  type Letterhead,
  readLetterhead,
  type TopicReader,
} from '@pipeline/kafka-transport';
import { type LetterGroup } from '../protocol/health-report.ts';
import { type DeadLetters, type FoundLetter } from './dead-letters.ts';

/** A topic may hold thirty days of letters, each as large as an event: only the newest are looked at. */
const NEWEST = 2_000;

/** Reads the newest of the dead-letter topics, which are small while all is well. */
export class KafkaDeadLetters implements DeadLetters {
  private readonly lookUp = new OneLookUp();

  constructor(private readonly reader: Pick<TopicReader, 'read'>) {}

  find(sought: DocumentQuery): Promise<readonly FoundLetter[]> {
    const topics = 'topic' in sought ? [sought.topic] : EVENT_TOPICS;
    return this.lookUp.run(async () => {
      const found: FoundLetter[] = [];
      for (const group of SINK_NAMES)
        for (const topic of topics)
          found.push(...(await this.lettersOf(group, deadLetterTopic(topic, group), sought)));
      return found;
    });
  }

  groups(): Promise<readonly LetterGroup[]> {
    return this.lookUp.run(async () => {
      const groups = new Map<string, LetterGroup>();
      for (const group of SINK_NAMES)
        for (const topic of EVENT_TOPICS)
          await this.reader.read(
            deadLetterTopic(topic, group),
            ({ records }) => records.forEach((record) => addTo(groups, { topic, group }, record)),
            { newest: NEWEST },
          );
      return [...groups.values()].sort((a, b) => b.records - a.records);
    });
  }

  private async lettersOf(group: string, topic: string, sought: DocumentQuery): Promise<FoundLetter[]> {
    const found: FoundLetter[] = [];
    const look = ({ records }: { readonly records: readonly KafkaRecord[] }): void => {
      for (const record of records) {
        const letter = letterOf(record, sought);
        if (letter) found.push({ group, ...letter });
      }
    };
    await this.reader.read(topic, look, { newest: NEWEST });
    return found;
  }
}

function addTo(
  groups: Map<string, LetterGroup>,
  { topic, group }: Pick<LetterGroup, 'topic' | 'group'>,
  { headers, timestamp }: KafkaRecord,
): void {
  const letter = readLetterhead(headers);
  // What is no letter of a sink has no reason to tell.
  const code = letter?.code ?? 'unknown';
  const at = new Date(letter?.failedAt ?? Number(timestamp)).toISOString();
  const key = `${group} ${topic} ${code}`;
  const known = groups.get(key) ?? { topic, group, code, records: 0, newest: at };
  groups.set(key, {
    ...known,
    records: known.records + 1,
    newest: at > known.newest ? at : known.newest,
  });
}

/** Nothing where no sink has written it, or the id is only mentioned. */
function letterOf(record: KafkaRecord, sought: DocumentQuery): Omit<FoundLetter, 'group'> | undefined {
  const letter = 'topic' in sought ? letterFrom(record, sought) : letterWithId(record, sought.eventId);
  if (!letter) return undefined;
  const { code, message, topic, partition, offset, appendedAt, failedAt } = letter;
  const receivedAt = (appendedAt ?? failedAt).toISOString();
  return { code, message, position: { topic, partition, offset: Number(offset), receivedAt } };
}

function letterFrom({ headers }: KafkaRecord, place: RecordPlace): Letterhead | undefined {
  const letter = readLetterhead(headers);
  if (letter?.topic !== place.topic || letter.partition !== place.partition) return undefined;
  return letter.offset === String(place.offset) ? letter : undefined;
}

function letterWithId({ value, headers }: KafkaRecord, eventId: string): Letterhead | undefined {
  const letter = value?.includes(eventId) ? readLetterhead(headers) : undefined;
  return letter && isOf(String(value), eventId, letter) ? letter : undefined;
}

function isOf(text: string, eventId: string, { truncated }: Letterhead): boolean {
  if (truncated.includes('value')) return text.includes(`"event_id":"${eventId}"`);
  try {
    const event = JSON.parse(text) as { readonly event_id?: unknown } | null;
    return event?.event_id === eventId;
  } catch {
    return false;
  }
}

/**
 * One look-up at a time: reading a topic is work for the broker, however many ask. Who comes meanwhile does not wait
 * and is told that there is no answer now.
 */
export class OneLookUp {
  private looking = false;

  /** @throws an error (as rejection) while another look-up is under way, else whatever `look` does. */
  async run<Found>(look: () => Promise<Found>): Promise<Found> {
    if (this.looking) throw new Error('another look-up is under way');
    this.looking = true;
    try {
      return await look();
    } finally {
      this.looking = false;
    }
  }
}
