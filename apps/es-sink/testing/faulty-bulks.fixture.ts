import { Client } from '@elastic/elasticsearch';
import { Test } from '@nestjs/testing';
import {
  DEAD_LETTER_HEADERS,
  type OutgoingRecord,
  type PartitionAssignment,
  type RecordBatch,
  type RecordPublisher,
} from '@pipeline/kafka-transport';
import {
  createLogger,
  METRICS_REGISTRY,
  ObservabilityModule,
  Readiness,
  type Registry,
} from '@pipeline/observability';
import { Sink } from '@pipeline/sink-runtime';
import { type FakeElasticsearch } from '@pipeline/testing/fake-stores';
import { clientOptions } from '../src/elasticsearch/elasticsearch-client.module.ts';
import { ElasticsearchDocumentStore } from '../src/elasticsearch/elasticsearch.document-store.ts';
import { indexTemplate } from '../src/elasticsearch/index-template.ts';
import { esSinkSettings } from '../src/es-sink.config.ts';
import { IndexTemplates } from '../src/index/index-templates.ts';
import { eventJson, record } from './records.fixture.ts';
import { sinkWriterOver } from './sink-writer.fixture.ts';

const TOPIC = 'select-color';
const PARTITIONS = [0, 1];
const BATCHES = [0, 1, 2];
const RECORDS_PER_BATCH = 4;

const logger = createLogger('spec', 'silent');

/** Everything from the batch to the socket, as the app wires it, with short waits. */
export class FaultyBulks {
  /** Code by event id. */
  readonly deadLetters = new Map<string, string>();
  /** Batches that were called durable before all of their records were. */
  readonly early: string[] = [];
  private readonly client: Client;
  private readonly revocations: AbortController[] = [];
  /** What each process of the sink counted. */
  private readonly processes: Registry[] = [];

  constructor(
    private readonly server: FakeElasticsearch,
    private readonly timeoutMs: number,
  ) {
    this.client = new Client(clientOptions(esSinkSettings.load({ ELASTICSEARCH_NODE: server.url })));
  }

  get allIds(): string[] {
    return PARTITIONS.flatMap((partition) => BATCHES.flatMap((batch) => idsOf(partition, batch)));
  }

  get bulks(): number {
    return this.server.requests.filter(({ path }) => path.startsWith('/_bulk')).length;
  }

  /** Records of which the sink cannot say what became of them. */
  async unaccounted(): Promise<number> {
    const counted = await Promise.all(
      this.processes.map((registry) => registry.getSingleMetric('sink_records_unaccounted')!.get()),
    );
    return counted.flatMap(({ values }) => values).reduce((sum, { value }) => sum + value, 0);
  }

  /** A process of the sink takes all batches of all partitions. @returns when all of them are durable, or were lost. */
  async run(): Promise<void> {
    const sink = await this.sink();
    const taken: Promise<void>[] = [];
    for (const partition of PARTITIONS) {
      const assignment = this.assignment(partition);
      for (const batch of BATCHES) {
        const accepted = sink.accept(batchOf(partition, batch), assignment);
        taken.push(accepted.then(() => this.check(assignment, batch)));
      }
    }
    await Promise.all(taken);
  }

  /** The process loses its partitions. */
  revoke(): void {
    for (const revocation of this.revocations.splice(0)) revocation.abort();
  }

  async close(): Promise<void> {
    this.revoke();
    await this.client.close();
  }

  private check({ partition, revoked }: PartitionAssignment, batch: number): void {
    if (revoked.aborted) return;
    const before = BATCHES.filter((earlier) => earlier <= batch).flatMap((at) => idsOf(partition, at));
    const stored = new Set([...this.server.documents.keys()].map((key) => key.split('/')[1]));
    if (!before.every((id) => stored.has(id) || this.deadLetters.has(id))) {
      this.early.push(`${partition}/${batch}`);
    }
  }

  private async sink(): Promise<Sink> {
    const store = new ElasticsearchDocumentStore(this.client, { timeoutMs: this.timeoutMs });
    const patient = new ElasticsearchDocumentStore(this.client, { timeoutMs: 60_000 });
    const templates = new IndexTemplates(patient, [indexTemplate(TOPIC, '0-1')]);
    // The faults are those of bulk requests, which partitions then send in the order in which they get their batches.
    await templates.ensured(TOPIC, ['select-color-2026.11.22']);
    const observability = await Test.createTestingModule({
      imports: [ObservabilityModule.forRoot(logger)],
    }).compile();
    const registry = observability.get<Registry>(METRICS_REGISTRY);
    this.processes.push(registry);
    return new Sink(
      // A flush of a partition is two requests.
      sinkWriterOver(store, { maxRequestBytes: 1_000, templates }),
      {
        group: 'es-sink',
        policy: { maxRecords: RECORDS_PER_BATCH, maxBytes: 1 << 20, maxAgeMs: 60_000 },
        deadLetterLimits: { minMs: 0, minKeys: 100 },
        backoff: { initialMs: 1, maxMs: 4 },
      },
      { publish: this.deadLetter.bind(this) } as unknown as RecordPublisher,
      logger,
      registry,
      observability.get(Readiness),
    );
  }

  private deadLetter(_topic: string, letters: readonly OutgoingRecord[]): Promise<void> {
    for (const { value, headers = {} } of letters) {
      const { event_id: id } = JSON.parse(String(value)) as { event_id: string };
      this.deadLetters.set(id, String(headers[DEAD_LETTER_HEADERS.code]));
    }
    return Promise.resolve();
  }

  private assignment(partition: number): PartitionAssignment {
    const revocation = new AbortController();
    this.revocations.push(revocation);
    return {
      ...{ topic: TOPIC, partition, committedOffset: null, committedByPipeline: false },
      shareBytes: 1 << 20,
      draining: new AbortController().signal,
      revoked: revocation.signal,
    };
  }
}

function idsOf(partition: number, batch: number): string[] {
  return Array.from(
    { length: RECORDS_PER_BATCH },
    (_, i) => `p${partition}-${batch * RECORDS_PER_BATCH + i}`,
  );
}

function batchOf(partition: number, batch: number): RecordBatch {
  const start = batch * RECORDS_PER_BATCH;
  const records = idsOf(partition, batch).map((event_id, i) =>
    record(eventJson({ event_id }), { offset: start + i }),
  );
  const bytes = records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
  return {
    ...{ topic: TOPIC, partition, count: records.length, records, bytes, heldBytes: bytes },
    startOffset: BigInt(start),
    nextOffset: BigInt(start + RECORDS_PER_BATCH),
    highWatermark: BigInt(BATCHES.length * RECORDS_PER_BATCH),
    release: () => undefined,
  };
}
