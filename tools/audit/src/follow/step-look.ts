import { DecodeError, jsonLine } from '@pipeline/event-schema';
import { valueFingerprint } from '../ledger/fingerprint.ts';
import { type LoggedRecord } from '../ledger/ledger.ts';
import { type Finding } from '../report/findings.ts';
import { EventTexts } from './event-texts.ts';
import { type FollowedKafka, type RecordRange } from './followed-kafka.ts';
import { type FollowedStore } from './followed-store.ts';
import { LineageEnd } from './lineage-end.ts';
import { type RecentRecords } from './recent-records.ts';
import { NO_ROW, RecordDigests } from './record-digests.ts';

/** What is wrong with some records, and how much the store had of them. */
export interface Look {
  readonly hour: number;
  readonly nextOffset: number;
  readonly lastMs: number;
  readonly stored: number;
  readonly findings: readonly Finding[];
}

interface StepLookParts {
  readonly topic: string;
  readonly kafka: Pick<FollowedKafka, 'read'>;
  readonly store: FollowedStore;
  readonly recent: RecentRecords;
}

/**
 * The cheap look at a window: the bytes of the store beside those that the records must have become, in the order of the
 * offsets, without a ledger. It proves or says nothing: whatever is not as it must be is for the ledger to judge.
 */
export class StepLook {
  private readonly lineages = new Map<number, LineageEnd>();
  private readonly texts: EventTexts | undefined;

  constructor(private readonly parts: StepLookParts) {
    const { name, maxRecords } = parts.store;
    if (name === 'elasticsearch') this.texts = new EventTexts(maxRecords);
  }

  /** @returns nothing where the store and the records are not in step. */
  async look(range: RecordRange): Promise<Look | undefined> {
    const { store, recent } = this.parts;
    const { texts } = this;
    const records = new RecordDigests(range.partition, range.startOffset, range.nextOffset);
    texts?.begin();
    const from = texts === undefined ? recent.copy(range, records) : range.startOffset;
    await this.read({ ...range, startOffset: from }, records);
    if (texts !== undefined) recent.keep(records);
    if (records.count === 0 || texts?.isWhole === false) return undefined;
    const stored = await store.readInStep({ records, texts, lineage: this.lineageOf(range.partition) });
    if (stored === undefined) return undefined;
    const { hour, nextOffset, lastMs } = records;
    return { hour, nextOffset, lastMs, stored, findings: [] };
  }

  private async read(range: RecordRange, records: RecordDigests): Promise<void> {
    if (range.startOffset >= records.nextOffset) return;
    await this.parts.kafka.read(range, (record) => this.add(record, records));
  }

  private add({ offset, timestamp: timestampMs, value }: LoggedRecord, records: RecordDigests): void {
    if (!records.takes(offset, timestampMs)) return;
    const { texts } = this;
    const line = jsonLine(value, texts?.notes);
    const isLine = !(line instanceof DecodeError);
    const rowBytes = isLine ? line.length - 1 : NO_ROW;
    records.add(offset, timestampMs, valueFingerprint(value, line), rowBytes);
    if (texts === undefined) return;
    if (isLine) texts.add(value!, line);
    else texts.isWhole = false;
  }

  private lineageOf(partition: number): LineageEnd {
    const lineage = this.lineages.get(partition) ?? new LineageEnd(this.parts.topic, partition);
    this.lineages.set(partition, lineage);
    return lineage;
  }
}
