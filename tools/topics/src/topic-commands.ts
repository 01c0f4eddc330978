import { type TopicDefinition } from '@pipeline/event-schema';
import { type TopicAdmin, type TopicDifference } from '@pipeline/kafka-transport';

/** What a command needs of a cluster. */
export type Topics = Pick<TopicAdmin, 'createMissing' | 'diff'>;

/** What a command prints and with which code it exits. */
export interface CommandResult {
  readonly lines: readonly string[];
  readonly exitCode: 0 | 1;
}

/** Creates what is missing; never changes or removes a topic that exists. */
export async function createTopics(
  topics: Topics,
  definitions: readonly TopicDefinition[],
): Promise<CommandResult> {
  const created = await topics.createMissing(definitions);
  if (created.length === 0) return { lines: [`all topics exist (${definitions.length})`], exitCode: 0 };
  return { lines: created.map((name) => `created ${name}`), exitCode: 0 };
}

/** Compares the cluster with the definitions; exit code 1 when it differs. */
export async function diffTopics(
  topics: Topics,
  definitions: readonly TopicDefinition[],
): Promise<CommandResult> {
  const differences = await topics.diff(definitions);
  if (differences.length === 0) {
    return { lines: [`all topics are as defined (${definitions.length})`], exitCode: 0 };
  }
  return { lines: differences.map(sentence), exitCode: 1 };
}

function sentence({ topic, aspect, wanted, actual }: TopicDifference): string {
  return aspect === 'missing'
    ? `${topic} is missing`
    : `${topic}: ${aspect} is ${actual}, defined is ${wanted}`;
}
