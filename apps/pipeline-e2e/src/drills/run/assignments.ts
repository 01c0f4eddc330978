import { type RunningApp } from '@pipeline/local-stack';

/** What a replica owns now, by topic, as its log said last; `undefined` before it has joined. */
export function assignmentOf({ output }: Pick<RunningApp, 'output'>): Record<string, number[]> | undefined {
  const line = output.findLast((text) => text.includes('"msg":"partitions assigned"'));
  if (line === undefined) return undefined;
  return (JSON.parse(line) as { partitions: Record<string, number[]> }).partitions;
}

/** How many partitions of all topics that is. */
export function partitionCount(assignment: Readonly<Record<string, readonly number[]>>): number {
  return Object.values(assignment).reduce((sum, { length }) => sum + length, 0);
}
