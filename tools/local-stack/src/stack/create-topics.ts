import { defineSettings } from '@pipeline/config';
import { allTopics, type TopicDefinition } from '@pipeline/event-schema';
import { kafkaConnection, kafkaSettings, TopicAdmin } from '@pipeline/kafka-transport';
import { createLogger } from '@pipeline/observability';
import { StackError } from '../stack-error.ts';
import { until } from '../until.ts';

const TIMEOUT_MS = 60_000;

/**
 * Creates the topics that are missing. Brokers that have just started may answer that a topic, which they have
 * created, is not there yet: then it is tried again, which changes nothing that exists.
 * @throws StackError `part-failed`.
 */
export async function createTopics(
  brokers: readonly string[],
  definitions: readonly TopicDefinition[] = allTopics(),
): Promise<void> {
  const values = defineSettings(kafkaSettings).load({ KAFKA_BROKERS: brokers.join(',') });
  const admin = new TopicAdmin(kafkaConnection(values, 'local-stack'), createLogger('local-stack', 'silent'));
  let failure: unknown;
  const create = async (): Promise<boolean> => {
    await admin.createMissing(definitions).catch((error: unknown) => {
      failure = error;
      throw error;
    });
    return true;
  };
  try {
    if (await until(create, { timeoutMs: TIMEOUT_MS, intervalMs: 300 })) return;
    throw new StackError('part-failed', `Topics could not be created: ${(failure as Error).message}`);
  } finally {
    await admin.close();
  }
}
