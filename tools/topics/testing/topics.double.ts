import { type TopicDefinition } from '@pipeline/event-schema';
import { type TopicDifference } from '@pipeline/kafka-transport';
import { type Topics } from '../src/topic-commands.ts';

/** A cluster in memory: topic name → number of partitions. */
export class MemoryTopics implements Topics {
  constructor(private readonly partitions: Map<string, number>) {}

  createMissing(definitions: readonly TopicDefinition[]): Promise<string[]> {
    const missing = definitions.filter(({ name }) => !this.partitions.has(name));
    for (const { name, partitions } of missing) this.partitions.set(name, partitions);
    return Promise.resolve(missing.map(({ name }) => name));
  }

  diff(definitions: readonly TopicDefinition[]): Promise<TopicDifference[]> {
    return Promise.resolve(definitions.flatMap((definition) => this.difference(definition)));
  }

  private difference({ name: topic, partitions }: TopicDefinition): TopicDifference[] {
    const actual = this.partitions.get(topic);
    if (actual === undefined) return [{ topic, aspect: 'missing', wanted: 'a topic', actual: 'none' }];
    if (actual === partitions) return [];
    return [{ topic, aspect: 'partitions', wanted: String(partitions), actual: String(actual) }];
  }
}
