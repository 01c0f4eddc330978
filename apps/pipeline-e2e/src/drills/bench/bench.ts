import { rm } from 'node:fs/promises';
import {
  allTopics,
  deadLetterTopic,
  STORED_TOPICS,
  TOPICS,
  type TopicDefinition,
  SINK_NAMES,
} from '@pipeline/event-schema';
import { type KafkaConnection } from '@pipeline/kafka-transport';
import { type BrokerHost } from '@pipeline/local-stack';
import {
  createTopics,
  emptyStores,
  eventually,
  KafkaOperator,
  type LocalStack,
  startStack,
} from '@pipeline/testing';
import { createLogger } from '@pipeline/observability';
import { type ChangedTopic, type Drill } from '../drill.ts';

export const TOPIC = TOPICS.selectColor.name;
/** Of the servers of a bench: only a drill with the same fits. */
type Needs = Pick<Drill, 'brokers' | 'brokerSettings' | 'hdfsPermissions' | 'isApart' | 'secureKafka'>;

/**
 * Real servers on which one drill runs after the other. Between two drills topics, groups, files and indices are
 * removed, so that each drill has a pipeline of its own and its audit sees nothing else.
 */
export class Bench {
  private stack: LocalStack | undefined;
  private isUsed = false;
  private readonly crashedParts: string[] = [];

  /**
   * @param drill the first that runs here; others must fit.
   * @param hosts where the brokers live of a drill that is apart.
   */
  constructor(
    private readonly drill: Needs = {},
    private readonly hosts: readonly BrokerHost[] = [],
  ) {}

  /** Whether a drill can run on these servers. */
  fits({ brokers = 1, brokerSettings, hdfsPermissions, secureKafka }: Drill): boolean {
    return (
      brokers === (this.drill.brokers ?? 1) &&
      brokerSettings === this.drill.brokerSettings &&
      hdfsPermissions === this.drill.hdfsPermissions &&
      secureKafka === this.drill.secureKafka
    );
  }

  /** Starts the servers, or empties those that run. No app runs afterwards. */
  async prepare(change: ChangedTopic = (topic) => topic): Promise<LocalStack> {
    this.stack ??= await startStack({
      brokerCount: this.drill.brokers ?? 1,
      brokerHosts: this.hosts,
      brokerSettings: this.drill.brokerSettings ?? {},
      hdfsPermissions: this.drill.hdfsPermissions ?? false,
      secureKafka: this.drill.secureKafka ?? false,
      observer: { crashed: ({ name }) => void this.crashedParts.push(name) },
    });
    if (this.isUsed) await this.empty(this.stack);
    this.isUsed = true;
    this.crashedParts.splice(0);
    const topics = allTopics().map(change);
    await createTopics(this.stack.kafkaBrokers, this.drill.isApart ? topics.map(onAllBrokers) : topics);
    return this.stack;
  }

  /** Parts that ended since `prepare()` though nobody had asked them to. */
  get crashed(): readonly string[] {
    return this.crashedParts;
  }

  /** Stops everything. After a drill that failed nobody knows in which state the servers are. */
  async discard(): Promise<void> {
    const { stack } = this;
    this.stack = undefined;
    this.isUsed = false;
    await stack?.stop();
  }

  private async empty(stack: LocalStack): Promise<void> {
    for (const { name, logFile } of [...stack.apps].reverse()) {
      await stack.dismiss(name);
      await rm(logFile, { force: true });
    }
    const operator = operatorOf(stack);
    try {
      // A member that was killed belongs to its group until its session ends.
      for (const group of SINK_NAMES) await eventually(() => operator.deleteGroup(group));
      const used = STORED_TOPICS.flatMap((topic) => [
        topic,
        ...SINK_NAMES.map((group) => deadLetterTopic(topic, group)),
      ]);
      await operator.deleteTopics(used);
    } finally {
      await operator.close();
    }
    for (const topic of STORED_TOPICS) await emptyStores(stack, topic);
  }
}

export function connectionTo({ kafkaBrokers }: Pick<LocalStack, 'kafkaBrokers'>): KafkaConnection {
  return { brokers: kafkaBrokers, clientId: 'drill', tls: undefined, sasl: undefined };
}

export function operatorOf(stack: Pick<LocalStack, 'kafkaBrokers'>): KafkaOperator {
  return new KafkaOperator(connectionTo(stack), createLogger('drill', 'silent'));
}

function onAllBrokers(topic: TopicDefinition): TopicDefinition {
  return { ...topic, replicationFactor: 3 };
}
