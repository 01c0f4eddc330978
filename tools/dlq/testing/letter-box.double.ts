import { type SinkName } from '@pipeline/event-schema';
import { headerText, type KafkaRecord, type OutgoingRecord } from '@pipeline/kafka-transport';
import { type Letter, letterOf } from '../src/letter.ts';
import { type LetterBox } from '../src/letter-box.ts';
import { REPLAY_OF } from '../src/original-record.ts';

/** Dead letters and a topic in memory. */
export class MemoryLetterBox implements LetterBox {
  readonly published: OutgoingRecord[] = [];
  private readonly letters: Letter[] = [];

  add(sink: SinkName, record: KafkaRecord): void {
    this.letters.push(letterOf(sink, 0, record));
  }

  async read(sink: SinkName, onLetters: (letters: readonly Letter[]) => void | Promise<void>): Promise<void> {
    for (const letter of this.letters) if (letter.sink === sink) await onLetters([letter]);
  }

  replayed(): Promise<ReadonlySet<string>> {
    return Promise.resolve(
      new Set(this.published.map(({ headers }) => headerText(headers, REPLAY_OF) ?? '')),
    );
  }

  publish(records: readonly OutgoingRecord[]): Promise<void> {
    this.published.push(...records);
    return Promise.resolve();
  }
}
