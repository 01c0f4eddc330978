import { AssertionError } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { TOPICS, type AppName, SINK_NAMES } from '@pipeline/event-schema';
import { type RunningApp } from '@pipeline/local-stack';
import {
  compareIds,
  eventually,
  type FaultProxy,
  type GroupPosition,
  type KafkaOperator,
  type LocalStack,
  startElasticsearchProxy,
  startWebHdfsProxy,
} from '@pipeline/testing';
import { connectionTo, operatorOf, TOPIC } from '../bench/bench.ts';
import { DRILL_SETTINGS, type Settings } from '../drill.ts';
import { acceptedClick, nextClick, nextPageView, type Click, type PageView } from '../load/click.ts';
import { type CollectorOutlet } from '../load/collector.outlet.ts';
import { KafkaOutlet } from '../load/kafka.outlet.ts';
import { Load } from '../load/load.ts';
import { SeededRandom } from '../load/seeded-random.ts';
import { idsInKafka } from './audited.ts';
import { progressOf, type Progress } from './progress-watch.ts';

export const CATCH_UP_MS = 120_000;

export interface DrillContextOptions {
  readonly stack: LocalStack;
  readonly seed: number;
  /** Run few rounds and short outages: the fast subset. */
  readonly isBrief: boolean;
}

/** What a drill works with: a running pipeline, a load, and everything that can be broken. */
export class DrillContext {
  readonly stack: LocalStack;
  readonly seed: number;
  readonly random: SeededRandom;
  readonly kafka: KafkaOperator;
  readonly notes: string[] = [];
  readonly loads: Load<Click>[] = [];
  /** Loads of the other event topic. */
  readonly viewLoads: Load<PageView>[] = [];
  /** Apps that may end by themselves in this drill. */
  readonly mayEnd = new Set<string>();
  private settings: Settings = DRILL_SETTINGS;
  private readonly isBrief: boolean;
  private readonly closers: (() => Promise<unknown>)[] = [];
  private kafkaOutlet: KafkaOutlet | undefined;
  private webHdfsProxy: Promise<FaultProxy> | undefined;
  private elasticsearchProxy: Promise<FaultProxy> | undefined;

  constructor({ stack, seed, isBrief }: DrillContextOptions) {
    this.stack = stack;
    this.seed = seed;
    this.isBrief = isBrief;
    this.random = new SeededRandom(seed);
    this.kafka = operatorOf(stack);
    this.closers.push(() => this.kafka.close());
  }

  /** Runs when the drill is over, what was added last first. */
  onClose(close: () => Promise<unknown>): void {
    this.closers.push(close);
  }

  /** A number of rounds or seconds: the full one, or that of the fast subset. */
  scale(full: number, brief: number): number {
    return this.isBrief ? brief : full;
  }

  /** A line of the report beside the counts. */
  note(text: string): void {
    this.notes.push(text);
  }

  wait(ms: number): Promise<void> {
    return pause(ms);
  }

  /** Settings of every app that is started from now on. */
  addSettings(settings: Settings): void {
    this.settings = { ...this.settings, ...settings };
  }

  /** What `addSettings` was given. */
  settingOf(name: string): string {
    return this.settings[name] ?? '';
  }

  /** The run of an app by its name; replicas are `hdfs-sink-2` and so on. */
  app(name: string): RunningApp {
    return this.stack.app(name);
  }

  /** Starts an app, or a replica of one, and waits until it is ready. */
  start(app: AppName, settings: Settings = {}): Promise<RunningApp> {
    return this.stack.startApp(app, { ...this.settings, ...settings });
  }

  launch(app: AppName, settings: Settings = {}): Promise<RunningApp> {
    return this.stack.launchApp(app, { ...this.settings, ...settings });
  }

  /** Straight into Kafka, as the collector would write. */
  load(eventsPerSecond: number, extra: () => Readonly<Record<string, unknown>> = () => ({})): Load<Click> {
    const nextEvent = () => acceptedClick(this.random, extra());
    return this.keep(new Load({ outlet: this.outlet(), eventsPerSecond, nextEvent }));
  }

  /** Through the REST endpoint of the collectors that run. */
  collectorLoad(eventsPerSecond: number, outlet: CollectorOutlet, perCall = 20): Load<Click> {
    const nextEvent = () => nextClick(this.random);
    return this.keep(new Load<Click>({ outlet, eventsPerSecond, nextEvent, perCall }));
  }

  /** Page views through the collectors that run; they are audited like the clicks. */
  pageViewLoad(eventsPerSecond: number, outlet: CollectorOutlet, perCall = 5): Load<PageView> {
    const nextEvent = () => nextPageView(this.random);
    const load = new Load<PageView>({ outlet, eventsPerSecond, nextEvent, perCall });
    this.viewLoads.push(load);
    return load;
  }

  /** The producer of the loads; for single records. */
  outlet(): KafkaOutlet {
    if (this.kafkaOutlet === undefined) {
      const outlet = new KafkaOutlet(connectionTo(this.stack), TOPIC);
      this.kafkaOutlet = outlet;
      this.closers.push(() => outlet.close());
    }
    return this.kafkaOutlet;
  }

  /** Between hdfs-sink and HDFS, for a drill whose settings name its URL. */
  hdfsProxy(): Promise<FaultProxy> {
    this.webHdfsProxy ??= this.keepProxy(startWebHdfsProxy(this.stack.webHdfsUrl));
    return this.webHdfsProxy;
  }

  /** Between es-sink and Elasticsearch. */
  esProxy(): Promise<FaultProxy> {
    this.elasticsearchProxy ??= this.keepProxy(startElasticsearchProxy(this.stack.elasticsearchUrl));
    return this.elasticsearchProxy;
  }

  /** A folder that is gone after the drill. */
  async folder(): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), 'drill-'));
    this.closers.push(() => rm(path, { recursive: true, force: true }));
    return path;
  }

  positions(group: string, topic = TOPIC): Promise<GroupPosition[]> {
    return this.kafka.positions(group, topic);
  }

  async progress(group: string, topic = TOPIC): Promise<Progress> {
    return progressOf(await this.positions(group, topic));
  }

  /** Resolves when each group has committed so many records more than now. */
  async advance(
    records: number,
    groups: readonly string[] = SINK_NAMES,
    timeoutMs = CATCH_UP_MS,
  ): Promise<void> {
    await Promise.all(
      groups.map(async (group) => {
        const first = await eventually(() => this.progress(group), { timeoutMs });
        await eventually(
          async () => {
            const { committed, lag } = await this.progress(group);
            const message = `${group} committed ${committed - first.committed} of ${records} more, lag ${lag}`;
            if (committed - first.committed < BigInt(records)) throw new AssertionError({ message });
          },
          { timeoutMs, intervalMs: 50 },
        );
      }),
    );
  }

  /** Resolves when a group has committed something in each partition, so that each has an owner who works. */
  async everyPartitionAdvances(group: string, timeoutMs = CATCH_UP_MS): Promise<void> {
    const before = await this.positions(group);
    await eventually(
      async () => {
        const now = await this.positions(group);
        const idle = before.filter(({ partition, committedOffset = -1n }) => {
          const committed = now.find((position) => position.partition === partition)?.committedOffset ?? -1n;
          return committed <= committedOffset;
        });
        const message = `${group} commits nothing in ${idle.map(({ partition }) => partition).join(', ')}`;
        if (idle.length > 0) throw new AssertionError({ message });
      },
      { timeoutMs, intervalMs: 100 },
    );
  }

  /** Resolves when the groups have committed everything. @throws AssertionError when they have not in time. */
  async caughtUp(groups: readonly string[] = SINK_NAMES, timeoutMs = CATCH_UP_MS): Promise<void> {
    const topics = [TOPIC, ...(this.viewLoads.length > 0 ? [TOPICS.pageView.name] : [])];
    for (const [group, topic] of groups.flatMap((each) => topics.map((name) => [each, name] as const))) {
      await eventually(
        async () => {
          const { lag } = await this.progress(group, topic);
          if (lag > 0n)
            throw new AssertionError({ message: `${group} has a lag of ${lag} records of ${topic}` });
        },
        { timeoutMs, intervalMs: 200 },
      );
    }
  }

  /** Ids that the topic holds more than once. */
  async repeatedInKafka(topic = TOPIC): Promise<string[]> {
    return compareIds(await idsInKafka(this.stack, topic), []).repeated.slice();
  }

  async endLoads(): Promise<void> {
    await Promise.all([...this.loads, ...this.viewLoads].map((load) => load.stop()));
  }

  async close(): Promise<void> {
    for (const close of this.closers.splice(0).reverse()) await close();
  }

  private keep(load: Load<Click>): Load<Click> {
    this.loads.push(load);
    return load;
  }

  private async keepProxy(starting: Promise<FaultProxy>): Promise<FaultProxy> {
    const proxy = await starting;
    this.closers.push(() => proxy.close());
    return proxy;
  }
}
