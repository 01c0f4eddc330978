import { type FindingKind, ofEachSink, type SinkName } from '@pipeline/event-schema';

/** The three promises; a row of the report and the whole report have each. */
export interface Verdicts {
  /** Nothing is lost, nothing is invented. */
  conserved: boolean;
  /** Nothing is stored twice. */
  unique: boolean;
  /** What is stored is what Kafka has. */
  intact: boolean;
}

/** One row of the report: an hour, by append time, of one partition. */
export interface HourCounts extends Verdicts {
  readonly partition: number;
  /** Start of the hour, ISO-8601. */
  readonly hour: string;
  records: number;
  rows: number;
  documents: number;
  deadLetters: Record<SinkName, number>;
  /** Records that are not stored and that the sink has not committed yet. */
  waiting: Record<SinkName, number>;
  /** Records that carry the event id of an earlier one. */
  duplicates: number;
}

const VERDICT_OF: Readonly<Record<FindingKind, keyof Verdicts>> = {
  lost: 'conserved',
  invented: 'conserved',
  double: 'unique',
  damaged: 'intact',
};

/** Takes away the promise that a finding breaks. */
export function breakPromise(verdicts: Verdicts, kind: FindingKind): void {
  verdicts[VERDICT_OF[kind]] = false;
}

const HOUR_MS = 3_600_000;

/** The rows of the report, made as they are met. */
export class HourTable {
  private readonly rows = new Map<number, Map<number, HourCounts>>();

  /** @param hour UTC hours since the epoch. */
  row(partition: number, hour: number): HourCounts {
    return this.rows.get(partition)?.get(hour) ?? this.addRow(partition, hour);
  }

  private addRow(partition: number, hour: number): HourCounts {
    const ofPartition = this.rows.get(partition) ?? new Map<number, HourCounts>();
    const row = emptyRow(partition, hour);
    ofPartition.set(hour, row);
    this.rows.set(partition, ofPartition);
    return row;
  }

  list(): HourCounts[] {
    const all = [...this.rows.values()].flatMap((ofPartition) => [...ofPartition.values()]);
    return all.sort((a, b) => a.partition - b.partition || a.hour.localeCompare(b.hour));
  }
}

function emptyRow(partition: number, hour: number): HourCounts {
  return {
    partition,
    hour: new Date(hour * HOUR_MS).toISOString(),
    records: 0,
    rows: 0,
    documents: 0,
    deadLetters: ofEachSink(() => 0),
    waiting: ofEachSink(() => 0),
    duplicates: 0,
    conserved: true,
    unique: true,
    intact: true,
  };
}
