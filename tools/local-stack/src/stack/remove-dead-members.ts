import { defineSettings } from '@pipeline/config';
import { queryGroup, SINK_NAMES } from '@pipeline/event-schema';
import { kafkaConnection, kafkaSettings, removeMembers } from '@pipeline/kafka-transport';
import { createLogger } from '@pipeline/observability';
import { until } from '../until.ts';

const SINK_GROUPS = [...SINK_NAMES, ...SINK_NAMES.map(queryGroup)];
/** A start must not fail for this: without it the brokers wait for the sessions to time out, half a minute. */
const TIMEOUT_MS = 10_000;

/**
 * Removes from the groups of the sinks the members that a killed stack left behind, so that the apps get their
 * partitions at once. For brokers that have just started, before an app does. A member that lives all the same, since it
 * was started by hand, joins again; what it had not committed is written again, to no effect.
 */
export async function removeDeadMembers(brokers: readonly string[]): Promise<void> {
  const values = defineSettings(kafkaSettings).load({ KAFKA_BROKERS: brokers.join(',') });
  const logger = createLogger('local-stack', 'silent');
  const connection = kafkaConnection(values, 'local-stack');
  // Brokers that have just started may still be loading a group.
  const removed = async (group: string) => (await removeMembers(connection, logger, group)) >= 0;
  await Promise.all(SINK_GROUPS.map((group) => until(() => removed(group), { timeoutMs: TIMEOUT_MS })));
}
