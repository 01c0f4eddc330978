import { type SinkName } from '@pipeline/event-schema';
import { type PartitionExtent } from '@pipeline/kafka-transport';
import { type Ledger } from '../ledger/ledger.ts';
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
  private extents: readonly PartitionExtent[] | undefined;

  constructor(
    private readonly kafka: Pick<FollowedKafka, 'letterExtents' | 'readDeadLetters'>,
    private readonly sink: SinkName,
  ) {}

  /** A look begins: the letters that were there before this call are seen by what is asked after it. */
  begin(): void {
    this.extents = undefined;
  }

  /** Whether a look has letters to read: those that came, and those of records that were not proved yet. */
  async hasUnread(): Promise<boolean> {
    this.extents ??= await this.kafka.letterExtents(this.sink);
    return this.extents.some(({ partition, startOffset, endOffset }) => {
      const from = this.from.get(partition) ?? 0n;
      return (from > startOffset ? from : startOffset) !== endOffset;
    });
  }

  async read(ledger: Ledger, { isThorough, isProved }: LetterLook): Promise<void> {
    this.extents ??= await this.kafka.letterExtents(this.sink);
    const { extents } = this;
    const needed = new Map<number, bigint>();
    const unread = isThorough ? extents : extents.map((extent) => restOf(extent, this.from));
    await this.kafka.readDeadLetters(this.sink, unread, (letter, place) => {
      ledger.addDeadLetter(this.sink, letter);
      if (!needed.has(place.partition) && !isProved(letter)) needed.set(place.partition, place.offset);
    });
    const ends = extents.map(({ partition, endOffset }) => [partition, endOffset] as const);
    this.from = new Map([...ends, ...needed]);
  }
}

function restOf(extent: PartitionExtent, from: ReadonlyMap<number, bigint>): PartitionExtent {
  const wanted = from.get(extent.partition) ?? 0n;
  return wanted > extent.startOffset ? { ...extent, startOffset: wanted } : extent;
}
