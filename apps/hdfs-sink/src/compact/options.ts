import { STORED_TOPICS } from '@pipeline/event-schema';
import { parseArgs } from 'node:util';
import { type CompactionOptions, MIN_QUIET_MS } from './compaction.ts';

const MIB = 1 << 20;
const MAX_TARGET_MIB = 4_096;

export const USAGE = `npm run compact -- [options]

Joins the small files of hours that are over, in HDFS. Reads the settings of hdfs-sink.

  --topic <name>       one of the topics, may be repeated (default: all of them)
  --quiet-hours <n>    hours since the end of the hour and the last change in its folder (default 2, at least 1)
  --within-days <n>    how far back folders are looked at (default 8)
  --target-mib <n>     size up to which files are joined (default 128)
  --dry-run            say what would be joined
  --help`;

/** A wrong argument; the message says which. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface CompactArguments {
  readonly topics: readonly string[];
  readonly options: Pick<CompactionOptions, 'quietMs' | 'withinDays' | 'targetBytes' | 'dryRun'>;
}

/** @returns nothing when help is asked for. @throws UsageError */
export function compactArguments(args: readonly string[]): CompactArguments | undefined {
  const values = parsed(args);
  if (values.help) return undefined;
  const known: readonly string[] = STORED_TOPICS;
  const topics = values.topic ?? known;
  const unknown = topics.filter((topic) => !known.includes(topic));
  if (unknown.length > 0)
    throw new UsageError(`--topic ${unknown.join(', ')} is not one of ${known.join(', ')}`);
  const hours = wholeNumber('--quiet-hours', values['quiet-hours'] ?? '2', 1);
  return {
    topics,
    options: {
      quietMs: hours * MIN_QUIET_MS,
      withinDays: wholeNumber('--within-days', values['within-days'] ?? '8', 1),
      targetBytes: wholeNumber('--target-mib', values['target-mib'] ?? '128', 1, MAX_TARGET_MIB) * MIB,
      dryRun: values['dry-run'] ?? false,
    },
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        topic: { type: 'string', multiple: true },
        'quiet-hours': { type: 'string' },
        'within-days': { type: 'string' },
        'target-mib': { type: 'string' },
        'dry-run': { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function wholeNumber(name: string, text: string, min: number, max = 100_000): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max)
    throw new UsageError(`${name} ${text} is not a whole number from ${min} to ${max}`);
  return value;
}
