import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { allTopics, TOPICS } from '@pipeline/event-schema';
import { KafkaOperator, TopicReader } from '@pipeline/kafka-transport';
import { createTopics, type LocalStack } from '@pipeline/local-stack';
import { createLogger } from '@pipeline/observability';
import { HttpConnection } from '../load/http-connection.ts';
import { type LoadOrder, type LoadReport, runLoad } from '../load/load.ts';
import { RequestTemplate } from '../load/request-template.ts';
import { processCost } from '../measure/process-cost.ts';
import { type Contestant } from './contestants.ts';

export interface CollectorRun {
  readonly report: LoadReport;
  readonly cpuSecondsPerMillion: number;
  readonly brokerCpuSecondsPerMillion: number;
  readonly peakRssMiB: number;
  /** Resident memory once a second, in MiB. */
  readonly rssMiB: readonly number[];
  /** What was lost, doubled or refused. */
  readonly fault?: string;
}

const { name: TOPIC } = TOPICS.selectColor;
const START_TIMEOUT_MS = 120_000;
const ACCEPTED = 202;
const PROBE_ID = 2 ** 39;
const MILLION = 1_000_000;

/** One contestant under one load, on an empty topic; counts what Kafka holds afterwards. */
export async function runCollector(
  stack: LocalStack,
  contestant: Contestant,
  load: Omit<LoadOrder, 'port'>,
): Promise<CollectorRun> {
  await emptyTopic(stack);
  const port = await freePort();
  const { args, environment } = contestant.command({ port, brokers: stack.kafkaBrokers, topic: TOPIC });
  const child = spawn(process.execPath, args, { env: environment, stdio: ['ignore', 'ignore', 'inherit'] });
  const sampler = new MemorySampler(child.pid!);
  try {
    await listening(port, child);
    await runLoad({ ...load, port, warmUpMs: 0, measuredMs: load.warmUpMs, connections: load.connections });
    const broker = stack.server('kafka').pid!;
    const before = [processCost(child.pid!), processCost(broker)] as const;
    const report = await runLoad({ ...load, port, warmUpMs: 0, firstId: WARM_UP_IDS });
    const after = [processCost(child.pid!), processCost(broker)] as const;
    const millions = report.acknowledged / MILLION;
    const rssMiB = sampler.stop();
    await ended(child);
    return {
      report,
      cpuSecondsPerMillion: (after[0].cpuSeconds - before[0].cpuSeconds) / millions,
      brokerCpuSecondsPerMillion: (after[1].cpuSeconds - before[1].cpuSeconds) / millions,
      peakRssMiB: after[0].peakRssMiB,
      rssMiB,
      ...(await faultOf(stack, report)),
    };
  } finally {
    sampler.stop();
    await ended(child);
  }
}

/** Ids of the warm-up are below this number. */
const WARM_UP_IDS = 2 ** 40;

async function faultOf(stack: LocalStack, report: LoadReport): Promise<{ fault?: string }> {
  const ids = new Set<string>();
  let records = 0;
  const firstMeasured = WARM_UP_IDS.toString(16).padStart(12, '0');
  await new TopicReader(connectionTo(stack), createLogger('bench', 'silent')).read(
    TOPIC,
    ({ records: some }) => {
      for (const { value } of some) {
        const id = /"event_id":"([^"]+)"/.exec(String(value))?.[1] ?? '';
        if (id.slice(-firstMeasured.length) < firstMeasured) continue;
        records += 1;
        ids.add(id);
      }
    },
  );
  const { acknowledged, refused } = report;
  if (refused === 0 && records === acknowledged && ids.size === acknowledged) return {};
  return {
    fault: `${acknowledged} acknowledged, ${refused} refused, ${records} in Kafka, ${ids.size} different`,
  };
}

async function emptyTopic(stack: LocalStack): Promise<void> {
  const operator = new KafkaOperator(connectionTo(stack), createLogger('bench', 'silent'));
  try {
    await operator.deleteTopics([TOPIC]);
  } finally {
    await operator.close();
  }
  await createTopics(stack.kafkaBrokers, allTopics());
}

function connectionTo({ kafkaBrokers }: LocalStack) {
  return { brokers: kafkaBrokers, clientId: 'bench', tls: undefined, sasl: undefined };
}

/** Resolves when the contestant has made an event durable. */
async function listening(port: number, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  const request = new RequestTemplate(`127.0.0.1:${port}`, 1).numbered(PROBE_ID);
  while (performance.now() < deadline && child.exitCode === null) {
    const connection = new HttpConnection(port);
    const status = await connection.send(request);
    connection.close();
    if (status === ACCEPTED) return;
    await wait(200);
  }
  throw new Error('the contestant does not answer');
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

class MemorySampler {
  private readonly samples: number[] = [];
  private readonly timer: NodeJS.Timeout;

  constructor(pid: number) {
    this.timer = setInterval(() => this.samples.push(processCost(pid).rssMiB), 1_000);
  }

  stop(): readonly number[] {
    clearInterval(this.timer);
    return this.samples;
  }
}
