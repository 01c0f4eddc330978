import { deadLetterTopic, GROUPS, TOPICS } from '@pipeline/event-schema';
import { DEAD_LETTER_HEADERS, type KafkaRecord, type TopicReader } from '@pipeline/kafka-transport';
import { type DeadLetters, type FoundLetter } from './dead-letters.ts';
import { OneLookUp } from './one-look-up.ts';

const SINK_GROUPS = [GROUPS.hdfsSink, GROUPS.esSink];

/** Reads the dead-letter topics, which are small while all is well. */
export class KafkaDeadLetters implements DeadLetters {
  private readonly lookUp = new OneLookUp();

  constructor(private readonly reader: Pick<TopicReader, 'read'>) {}

  find(eventId: string): Promise<readonly FoundLetter[]> {
    return this.lookUp.run(async () => {
      const found: FoundLetter[] = [];
      for (const group of SINK_GROUPS)
        for (const { name } of Object.values(TOPICS))
          found.push(...(await this.lettersOf(group, deadLetterTopic(name, group), eventId)));
      return found;
    });
  }

  private async lettersOf(group: string, topic: string, eventId: string): Promise<FoundLetter[]> {
    const found: FoundLetter[] = [];
    await this.reader.read(topic, ({ records }) => {
      for (const record of records)
        if (record.value?.includes(`"${eventId}"`)) found.push({ group, ...letterOf(record) });
    });
    return found;
  }
}

function letterOf({ headers }: KafkaRecord): Omit<FoundLetter, 'group'> {
  const names = DEAD_LETTER_HEADERS;
  const text = (name: string): string => String(headers?.[name] ?? '');
  return {
    code: text(names.code),
    message: text(names.message),
    position: {
      topic: text(names.topic),
      partition: Number(text(names.partition)),
      offset: Number(text(names.offset)),
      receivedAt: new Date(Number(text(names.timestamp))).toISOString(),
    },
  };
}
