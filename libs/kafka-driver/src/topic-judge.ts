import { type KafkajsCluster, privateModule } from './kafkajs/kafkajs.ts';
import { type Tap } from './requests.ts';

interface TopicMetadata {
  readonly topicErrorCode: number;
  readonly topic: string;
  readonly partitionMetadata: readonly { readonly partitionErrorCode: number }[];
}

interface Metadata {
  readonly topicMetadata: readonly TopicMetadata[];
}

/** Called for each topic of every answer: why it cannot be read, or only in part; `undefined` when it can. */
export type OnTopic = (topic: string, reason: string | undefined) => void;

const LEADER_NOT_AVAILABLE = 5;
/** An election is waited for with all topics; without, its partitions would be taken out of the group and put back. */
const ELECTION_MS = 3_000;
/** How soon a topic in trouble is looked at again. */
const LOOK_AGAIN_MS = 1_000;

/**
 * Takes out of an answer about topics what cannot be read. kafkajs 2.2.4 throws the whole answer away when a single topic in
 * it is missing, not authorised or without leader, so that a consumer of several topics reads none of them. With a judge
 * those have no partitions meanwhile, are asked for again every second, and are assigned when they are back.
 */
export class TopicJudge {
  private hasTrouble = false;
  private readonly leaderlessSinceMs = new Map<string, number>();

  constructor(private readonly onTopic: OnTopic) {}

  /** For metadata requests. */
  readonly tap: Tap = (request) => ({
    ...request,
    response: {
      ...request.response,
      // The judge throws, and a rejection is what kafkajs expects.
      parse: async (answer) => this.readable(await Promise.resolve(answer as Metadata)),
    },
  });

  /** Topics in trouble are asked for again soon, not when the metadata is old. */
  watch({ brokerPool }: KafkajsCluster): void {
    const refresh = brokerPool.refreshMetadata.bind(brokerPool);
    brokerPool.refreshMetadata = async (topics) => {
      await refresh(topics);
      if (this.hasTrouble) brokerPool.metadataExpireAt = Date.now() + LOOK_AGAIN_MS;
    };
  }

  /** @throws as kafkajs does, which asks again soon, while a leader may just be elected. */
  private readable(answer: Metadata): Metadata {
    this.hasTrouble = false;
    return { ...answer, topicMetadata: answer.topicMetadata.map((topic) => this.readableTopic(topic)) };
  }

  private readableTopic(topic: TopicMetadata): TopicMetadata {
    const { partitionMetadata: partitions } = topic;
    const codes = [topic.topicErrorCode, ...partitions.map((each) => each.partitionErrorCode)];
    this.awaitElection(topic.topic, codes);
    const code = codes.find((each) => each !== 0);
    this.onTopic(topic.topic, code === undefined ? undefined : errorOf(code).message);
    if (code === undefined) return topic;
    this.hasTrouble = true;
    const isThere = topic.topicErrorCode === 0;
    return {
      ...topic,
      partitionMetadata: isThere ? partitions.filter((each) => each.partitionErrorCode === 0) : [],
    };
  }

  private awaitElection(topic: string, codes: readonly number[]): void {
    if (!codes.includes(LEADER_NOT_AVAILABLE)) {
      this.leaderlessSinceMs.delete(topic);
      return;
    }
    const sinceMs = this.leaderlessSinceMs.get(topic) ?? performance.now();
    this.leaderlessSinceMs.set(topic, sinceMs);
    if (performance.now() - sinceMs < ELECTION_MS) throw errorOf(LEADER_NOT_AVAILABLE);
  }
}

function errorOf(code: number): Error {
  return privateModule('src/protocol/error').createErrorFromCode(code);
}
