import { allTopics } from '@pipeline/event-schema';
import { createTopics, type LocalStack } from '@pipeline/local-stack';
import { KafkaOperator } from '@pipeline/testing';
import { connectionTo, silent } from './connection.ts';

/** Makes a topic anew, which forgets what its groups had committed, and every other one that is missing. */
export async function emptyTopic(stack: LocalStack, name: string, partitions?: number): Promise<void> {
  const operator = new KafkaOperator(connectionTo(stack), silent);
  try {
    await operator.deleteTopics([name]);
  } finally {
    await operator.close();
  }
  const topics = allTopics().map((topic) =>
    topic.name === name ? { ...topic, partitions: partitions ?? topic.partitions } : topic,
  );
  await createTopics(stack.kafkaBrokers, topics);
}
