import { deadLetterTopic, EVENT_TOPICS, SINK_NAMES, type SinkName } from '@pipeline/event-schema';
import { type PartitionExtent } from '@pipeline/kafka-transport';
import { type Logger } from '@pipeline/observability';
import { type GroupLag, type HealthReport } from '../protocol/health-report.ts';

/** Asks the broker how far topics reach and how far groups have come. `OffsetReader` is one. */
export interface OffsetSource {
  extents(topic: string): Promise<readonly PartitionExtent[]>;
  committed(
    group: string,
    topics: readonly string[],
  ): Promise<ReadonlyMap<string, ReadonlyMap<number, bigint>>>;
}

const STALE_AFTER_MS = 15_000;

type CommitsOfGroup = ReadonlyMap<string, ReadonlyMap<number, bigint>>;

type BrokerPart = Pick<HealthReport, 'lag' | 'deadLetters'>;

/** Looks at the broker from time to time, one look at a time, and remembers what it saw. */
export class BrokerWatch {
  private seen: BrokerPart = { lag: [], deadLetters: [] };
  private commits: ReadonlyMap<string, CommitsOfGroup> = new Map();
  private ends: ReadonlyMap<string, readonly PartitionExtent[]> = new Map();
  private seenAtMs = 0;
  private looking = false;

  constructor(
    private readonly offsets: OffsetSource,
    private readonly logger: Logger,
  ) {}

  /** Never rejects; does nothing while the look before is not over. */
  async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      await this.lookOnce();
    } catch (error) {
      this.logger.debug({ err: error }, 'broker did not answer');
    } finally {
      this.looking = false;
    }
  }

  part(nowMs: number): BrokerPart & { readonly brokerAnswers: boolean } {
    return { ...this.seen, brokerAnswers: nowMs - this.seenAtMs < STALE_AFTER_MS };
  }

  /** Up to where a group has committed a partition, when the broker was last looked at. */
  committed(group: SinkName, topic: string, partition: number): bigint | undefined {
    return this.commits.get(group)?.get(topic)?.get(partition);
  }

  /** What the event topics held when the broker was last looked at. */
  extents(): {
    readonly byTopic: ReadonlyMap<string, readonly PartitionExtent[]>;
    readonly askedAtMs: number;
  } {
    return { byTopic: this.ends, askedAtMs: this.seenAtMs };
  }

  private async lookOnce(): Promise<void> {
    const committed = await Promise.all(
      SINK_NAMES.map(async (group) => ({
        group,
        topics: await this.offsets.committed(group, EVENT_TOPICS),
      })),
    );
    const extents = await Promise.all(
      EVENT_TOPICS.map(async (topic) => ({ topic, partitions: await this.offsets.extents(topic) })),
    );
    const lag = committed.flatMap(({ group, topics }) =>
      extents.flatMap(({ topic, partitions }) =>
        partitions.map((extent) => lagOf(group, topic, extent, topics.get(topic)?.get(extent.partition))),
      ),
    );
    const deadLetters = await Promise.all(letterTopics().map((topic) => this.letters(topic)));
    this.seen = { lag, deadLetters };
    this.commits = new Map(committed.map(({ group, topics }) => [group, topics]));
    this.ends = new Map(extents.map(({ topic, partitions }) => [topic, partitions]));
    this.seenAtMs = Date.now();
  }

  private async letters(topic: string) {
    const extents = await this.offsets.extents(topic);
    return {
      topic,
      records: extents.reduce((sum, { startOffset, endOffset }) => sum + Number(endOffset - startOffset), 0),
    };
  }
}

/** What was committed before the oldest record that is left, or not at all, begins there. */
function lagOf(
  group: string,
  topic: string,
  extent: PartitionExtent,
  committed: bigint | undefined,
): GroupLag {
  const { partition, startOffset, endOffset } = extent;
  const from = committed === undefined || committed < startOffset ? startOffset : committed;
  return { group, topic, partition, records: Math.max(0, Number(endOffset - from)) };
}

function letterTopics(): string[] {
  return EVENT_TOPICS.flatMap((topic) => SINK_NAMES.map((group) => deadLetterTopic(topic, group)));
}
