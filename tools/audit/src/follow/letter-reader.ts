import { type Ledger } from '../ledger/ledger.ts';
import { type SinkName } from '../report/findings.ts';
import { type FollowedKafka } from './followed-kafka.ts';

export interface LetterLook {
  /** Read all letters that there are: what is proved anew may have old ones. */
  readonly isThorough: boolean;
  /** Whether no later look will ask for the letter of a record. */
  readonly isProved: (record: { readonly partition: number; readonly offset: number }) => boolean;
}

/** Gives ledgers the dead letters of a sink. Goes on behind the letters that no later look can need. */
export class LetterReader {
  private from: ReadonlyMap<number, bigint> = new Map();

  constructor(
    private readonly kafka: Pick<FollowedKafka, 'readDeadLetters'>,
    private readonly sink: SinkName,
  ) {}

  async read(ledger: Ledger, { isThorough, isProved }: LetterLook): Promise<void> {
    const needed = new Map<number, bigint>();
    const from = isThorough ? new Map<number, bigint>() : this.from;
    const ends = await this.kafka.readDeadLetters(this.sink, from, (letter, place) => {
      ledger.addDeadLetter(this.sink, letter);
      if (!needed.has(place.partition) && !isProved(letter)) needed.set(place.partition, place.offset);
    });
    this.from = new Map([...ends, ...needed]);
  }
}
