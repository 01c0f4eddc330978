import { type Logger } from '@pipeline/observability';
import { createCluster } from './cluster.ts';
import { type KafkaConnection } from './kafka-connection.ts';
import { createKafka } from './kafka-clients.ts';

const TIMEOUTS = { requestTimeoutMs: 5_000, connectionTimeoutMs: 1_000, retries: 3, maxRetryTimeMs: 1_000 };

/**
 * Takes all members out of a group, as if each had left. Only for a caller that knows that they are dead: one that is
 * alive joins again and repeats what it had not committed.
 * @returns how many there were; 0 for a group that does not exist.
 */
export async function removeMembers(
  connection: KafkaConnection,
  logger: Logger,
  groupId: string,
): Promise<number> {
  const admin = createKafka(connection, logger, TIMEOUTS).admin();
  const cluster = createCluster(connection, logger, TIMEOUTS);
  try {
    await admin.connect();
    const { groups } = await admin.describeGroups([groupId]);
    const members = groups.flatMap((group) => group.members);
    if (members.length === 0) return 0;
    await cluster.connect();
    const coordinator = await cluster.findGroupCoordinator({ groupId });
    for (const { memberId } of members) await coordinator.leaveGroup({ groupId, memberId });
    return members.length;
  } finally {
    await Promise.all([admin.disconnect(), cluster.disconnect()]);
  }
}
