import { TOPICS } from '@pipeline/event-schema';
import { type LocalStack } from '@pipeline/local-stack';
import { Latencies } from '../../load/latencies.ts';
import { type LoadReport, runLoad, type SentEvent } from '../../load/load.ts';
import { eventNumber } from '../../load/event-id.ts';
import { GroupProgress } from '../../measure/group-progress.ts';
import { IdLedger, type LedgerRun } from '../../measure/id-ledger.ts';
import { OUR_ENDPOINT } from '../collector/collector-contestant.ts';
import { elasticsearchHoldsOnce } from '../sinks/stored-once.ts';
import { FileWatch } from './file-watch.ts';
import { SearchableWatch } from './searchable-watch.ts';
import { untilCommitted } from './until-committed.ts';

const TOPIC = TOPICS.selectColor.name;
const CONNECTIONS = 64;
/** So many events per second are looked for: each costs the stores work that the product does not ask for. */
const WATCHED_PER_SECOND = 50;

/** One rate, one round. */
export interface LatencyRun {
  readonly rate: number;
  readonly answered: LoadReport;
  /** Elasticsearch has written it to its log and answers a get by id. */
  readonly applied: Latencies;
  /** A search finds it. */
  readonly searchable: Latencies;
  /** Its file is listed; known once {@link LatencyRuns.finish} has read the files. */
  readonly visible: Latencies;
}

interface OpenRun extends LatencyRun {
  readonly entry: LedgerRun;
  readonly sent: readonly SentEvent[];
}

/** Loads of a steady rate on a pipeline that runs, and how long their events take to both stores. */
export class LatencyRuns {
  private readonly ledger = new IdLedger();
  private readonly files: FileWatch;
  private readonly runs: OpenRun[] = [];

  constructor(private readonly stack: LocalStack) {
    this.files = new FileWatch(stack, TOPIC);
  }

  /** Events that are stored and not looked at. */
  async warmUp(rate: number, measuredMs: number): Promise<void> {
    const entry = this.ledger.open('warm-up');
    this.note(entry, await this.load(entry, { rate, measuredMs }, () => undefined));
  }

  async run(rate: number, measuredMs: number): Promise<void> {
    const entry = this.ledger.open(`${rate} events/s`);
    const watch = new SearchableWatch(this.stack.elasticsearchUrl, TOPIC);
    const sent: SentEvent[] = [];
    const answered = await this.load(entry, { rate, measuredMs }, (event) => {
      sent.push(event);
      watch.expect(event);
    });
    this.note(entry, answered);
    await watch.close();
    const { applied, searchable } = watch;
    this.runs.push({ rate, answered, applied, searchable, visible: new Latencies(), entry, sent });
  }

  /** Waits for both sinks, and looks for every event in both stores. */
  async finish(): Promise<{ readonly runs: readonly LatencyRun[]; readonly faults: string[] }> {
    const total = this.ledger.acknowledged;
    for (const group of ['hdfs-sink', 'es-sink']) {
      await untilCommitted(new GroupProgress(this.stack, group, TOPIC), total);
    }
    await this.files.close();
    const sentAtMs = new Map(
      this.runs.flatMap(({ sent, visible }) =>
        sent.map(({ number, atMs }) => [number, { atMs, visible }] as const),
      ),
    );
    const faults = await this.ledger.faults((each) =>
      this.files.read((json, seenAtMs) => {
        each(json);
        const sent = sentAtMs.get(eventNumber(json));
        if (sent !== undefined) sent.visible.add(seenAtMs - sent.atMs);
      }),
    );
    const place = { stack: this.stack, index: `${TOPIC}-*` };
    const fault = await elasticsearchHoldsOnce(place, total);
    return {
      runs: this.runs.filter(({ entry }) => !faults.has(entry)),
      faults: [...[...faults].map(([{ name }, what]) => `HDFS, ${name}: ${what}`), ...(fault ? [fault] : [])],
    };
  }

  private load(
    { firstId }: LedgerRun,
    { rate, measuredMs }: { readonly rate: number; readonly measuredMs: number },
    onSent: (event: SentEvent) => void,
  ): Promise<LoadReport> {
    const { url } = this.stack.app('collector-api');
    const order = {
      ...OUR_ENDPOINT,
      ports: [Number(new URL(url).port)],
      connections: CONNECTIONS,
      eventsPerRequest: 1,
      watchOneOf: Math.max(1, Math.round(rate / WATCHED_PER_SECOND)),
    };
    return runLoad({ ...order, rate, measuredMs, firstId }, onSent);
  }

  private note(entry: LedgerRun, { acknowledged, refused }: LoadReport): void {
    Object.assign(entry, { acknowledged, refused });
  }
}
