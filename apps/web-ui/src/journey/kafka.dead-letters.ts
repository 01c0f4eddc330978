import { deadLetterTopic, GROUPS, TOPICS } from '@pipeline/event-schema';
import { DEAD_LETTER_HEADERS, type KafkaRecord, type TopicReader } from '@pipeline/kafka-transport';
import { type DeadLetters, type FoundLetter } from './dead-letters.ts';

const SINK_GROUPS = [GROUPS.hdfsSink, GROUPS.esSink];

/**
 * Reads the dead-letter topics, which are small while all is well. One look-up at a time: who comes meanwhile waits
 * for nothing and is told that there is no answer.
 */
export class KafkaDeadLetters implements DeadLetters {
  private looking = false;

  constructor(private readonly reader: Pick<TopicReader, 'read' | 'extents'>) {}

  async find(eventId: string): Promise<readonly FoundLetter[]> {
    if (this.looking) throw new Error('another look-up is under way');
    this.looking = true;
    try {
      const found: FoundLetter[] = [];
      for (const group of SINK_GROUPS)
        for (const { name } of Object.values(TOPICS))
          found.push(...(await this.lettersOf(group, deadLetterTopic(name, group), eventId)));
      return found;
    } finally {
      this.looking = false;
    }
  }

  private async lettersOf(group: string, topic: string, eventId: string): Promise<FoundLetter[]> {
    const found: FoundLetter[] = [];
    await this.reader.read(topic, ({ records }) => {
      for (const record of records)
        if (record.value?.includes(`"${eventId}"`)) found.push({ group, ...reasonOf(record) });
    });
    return found;
  }
}

function reasonOf({ headers }: KafkaRecord): Pick<FoundLetter, 'code' | 'message'> {
  const text = (name: string): string => String(headers?.[name] ?? '');
  return { code: text(DEAD_LETTER_HEADERS.code), message: text(DEAD_LETTER_HEADERS.message) };
}
