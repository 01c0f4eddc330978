/** What a drill came to. */
export interface DrillResult {
  readonly name: string;
  readonly title: string;
  readonly seed: number;
  /** ISO-8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** Processes that wanted to run, average of the minute in which it ended. */
  readonly loadAverage: number;
  /** Events that were acknowledged to the load. */
  readonly acknowledged: number;
  /** Records of the topic; more than acknowledged where answers were lost. */
  readonly records: number;
  /** Acknowledged and not in Kafka, or in Kafka and missing in a store and its dead letters. */
  readonly lost: number;
  /** Stored more than once. */
  readonly double: number;
  /** Of both sinks together. */
  readonly deadLetters: number;
  /** By consumer group, in milliseconds. */
  readonly longestPauseMs: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
  /** What does not hold; empty for a drill that held. */
  readonly failures: readonly string[];
}

export function held({ failures }: DrillResult): boolean {
  return failures.length === 0;
}
