import { type AppName } from '@pipeline/event-schema';
import { join } from 'node:path';
import { type AppEnvironment, appDefinition, appUrl, pipelineEnvironment } from '../apps/app-definitions.ts';
import { RunningApp } from '../apps/running-app.ts';
import { NO_PROGRESS } from '../jars/jar-cache.ts';
import { type FreePorts } from '../ports/free-ports.ts';
import { brokerAddresses } from '../servers/broker-host.ts';
import { runHadoop } from '../servers/hdfs.ts';
import { type HiveResult, runHive } from '../servers/hive.ts';
import { mirrorMaker, type MirrorMakerRun } from '../servers/mirror-maker.ts';
import { type SecureKafka, secureKafka } from '../servers/kafka-security.ts';
import { type ServerContext } from '../servers/server-context.ts';
import { StackError } from '../stack-error.ts';
import { Part, type PartObserver } from './part.ts';
import { prepareRuntime } from './prepare-runtime.ts';
import { type StateFolder } from './state-folder.ts';

export interface LocalStackContents {
  readonly context: ServerContext;
  readonly freePorts: FreePorts;
  readonly servers: readonly Part[];
  readonly folder: StateFolder;
  readonly appEnvironment: AppEnvironment;
  readonly spools: boolean;
  readonly shipsLogs: boolean;
  readonly observer: PartObserver;
  /** Runs after everything has ended. */
  readonly onStopped: () => Promise<void>;
}

/** A running stack: real Kafka, HDFS and Elasticsearch, and the apps that were started on them. */
export class LocalStack {
  readonly kafkaBrokers: readonly string[];
  readonly webHdfsUrl: string;
  /** Of the NameNode's RPC, such as `hdfs://127.0.0.1:8020`. */
  readonly hdfsUrl: string;
  readonly elasticsearchUrl: string;
  /** Where the first run of each app listens, or may: the ports are reserved while the stack runs. */
  readonly appPorts: Readonly<Record<AppName, number>>;
  /** The same brokers behind TLS and login; only on a stack that was started with `secureKafka`. */
  readonly secureKafka: SecureKafka | undefined;
  /** What an app needs in its environment to find the stack. */
  readonly environment: Readonly<Record<string, string>>;
  readonly servers: readonly Part[];
  /** Where its state and its logs are kept. */
  readonly folder: StateFolder;
  private readonly contents: LocalStackContents;
  /** Those that were started on this stack. */
  readonly mirrorMakers: Part[] = [];
  private readonly runningApps: RunningApp[] = [];
  private readonly names = new Set<string>();
  private stopping: Promise<void> | undefined;

  constructor(contents: LocalStackContents) {
    const { servers, folder, appEnvironment: given, spools, shipsLogs } = contents;
    const { ports, brokerHosts } = contents.context;
    this.contents = contents;
    this.kafkaBrokers = brokerAddresses(ports, brokerHosts);
    this.secureKafka = secureKafka(contents.context);
    this.webHdfsUrl = `http://127.0.0.1:${ports.webHdfs}`;
    this.hdfsUrl = `hdfs://127.0.0.1:${ports.hdfs}`;
    this.elasticsearchUrl = `http://127.0.0.1:${ports.elasticsearch}`;
    this.appPorts = ports.apps;
    this.environment = pipelineEnvironment({
      ports,
      kafkaBrokers: this.kafkaBrokers,
      given,
      shipsLogs,
      spoolDir: spools ? join(folder.state, 'spool') : undefined,
    });
    this.servers = servers;
    this.folder = folder;
  }

  get apps(): readonly RunningApp[] {
    return this.runningApps;
  }

  /** A server by its name: `kafka` (`kafka-1`, `kafka-2`, … of several), `namenode`, `datanode`, `elasticsearch`. */
  server(name: string): Part {
    const server = this.servers.find((part) => part.name === name);
    if (server === undefined) throw new StackError('part-failed', `This stack runs no ${name}.`);
    return server;
  }

  /**
   * Starts an app and resolves when it is ready. The first run of an app gets its own port, every further one (a
   * replica) a free one.
   * @param overrides environment that wins over the stack's.
   * @throws StackError `not-built` or `part-failed`.
   */
  async startApp(app: AppName, overrides: Readonly<Record<string, string>> = {}): Promise<RunningApp> {
    const running = await this.launchApp(app, overrides);
    await running.ready();
    return running;
  }

  /** Starts an app without waiting until it is ready. */
  async launchApp(app: AppName, overrides: Readonly<Record<string, string>> = {}): Promise<RunningApp> {
    const name = this.takeName(app);
    const port = name === app ? this.contents.context.ports.apps[app] : await this.contents.freePorts.claim();
    const { appEnvironment, observer } = this.contents;
    const run = { app, name, port, environment: { ...appEnvironment, ...this.environment, ...overrides } };
    const part = new Part(appDefinition(run), this.folder, observer);
    const running = new RunningApp(app, appUrl(port, run.environment), part);
    this.runningApps.push(running);
    await running.launch();
    return running;
  }

  /** Stops an app and forgets it: its name, and the port of a first run, are free for another one. */
  async dismiss(name: string): Promise<void> {
    const app = this.app(name);
    await app.stop();
    this.runningApps.splice(this.runningApps.indexOf(app), 1);
    this.names.delete(name);
  }

  /** An app by the name of its run: `es-sink`, and `es-sink-2` for its second replica. */
  app(name: string): RunningApp {
    const app = this.runningApps.find((running) => running.name === name);
    if (app === undefined) throw new StackError('part-failed', `No ${name} was started on this stack.`);
    return app;
  }

  /**
   * Runs a program of Hadoop on the stack's HDFS, such as `org.apache.hadoop.fs.FsShell` with `-cat`, `<glob>`.
   * @returns its standard output. @throws StackError `part-failed` when it fails.
   */
  hadoop(mainClass: string, args: readonly string[]): Promise<string> {
    return runHadoop(this.contents.context, mainClass, args);
  }

  /**
   * Runs statements with an embedded Hive on the stack's HDFS. Its tables are forgotten at the end, so a script begins
   * with its DDL. Takes about 20 s; the first time Hive's jars are fetched (200 MB).
   * @returns the rows of each statement that has any. @throws StackError `part-failed` when one fails.
   */
  hive(script: string): Promise<HiveResult[]> {
    return runHive({ hdfsUrl: this.hdfsUrl, script });
  }

  /**
   * Starts a MirrorMaker 2 that ends with this stack; the first time its jars are fetched (37 MB). Several may run one
   * after the other, not at once. @throws StackError `part-failed`.
   */
  async startMirrorMaker(run: MirrorMakerRun): Promise<Part> {
    const { folder, observer } = this.contents;
    const runtime = await prepareRuntime(NO_PROGRESS, ['mirror']);
    const part = new Part(mirrorMaker(runtime, folder.state, run), folder, observer);
    this.mirrorMakers.push(part);
    await part.start();
    return part;
  }

  /** Stops the apps, last one first, then the servers; each gets its grace period. Safe to call again. */
  async stop(): Promise<void> {
    this.stopping ??= this.stopAll();
    return this.stopping;
  }

  /** Kills whatever still runs, at once. */
  killAll(): void {
    for (const part of [...this.runningApps, ...this.mirrorMakers, ...this.servers]) part.kill('SIGKILL');
  }

  /** The process ids of all parts that run. */
  get pids(): number[] {
    return [...this.servers, ...this.mirrorMakers, ...this.runningApps].flatMap(({ pid }) =>
      pid === undefined ? [] : [pid],
    );
  }

  /** Taken at once, for several replicas may be launched at the same time. */
  private takeName(app: AppName): string {
    let name: string = app;
    for (let replica = 2; this.names.has(name); replica++) name = `${app}-${replica}`;
    this.names.add(name);
    return name;
  }

  private async stopAll(): Promise<void> {
    await Promise.all([...this.runningApps].reverse().map((app) => app.stop()));
    await Promise.all(this.mirrorMakers.map((part) => part.stop()));
    await Promise.all(this.servers.map((server) => server.stop()));
    await this.contents.onStopped();
  }
}
