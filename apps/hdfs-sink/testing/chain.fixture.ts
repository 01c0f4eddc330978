import { gunzipSync } from 'node:zlib';
import { type PartitionAssignment } from '@pipeline/kafka-transport';
import { type Logger } from '@pipeline/observability';
import { type PartitionWriter } from '@pipeline/sink-runtime';
import { type MemoryFileStore } from './file-store.double.ts';
import { type CommitStepHook, noHook } from '../src/chain/file-publisher.ts';
import { type FileCompression } from '../src/chain/file-name.ts';
import { HdfsSinkWriter } from '../src/chain/hdfs-partition-writer.ts';
import { HALF_PAST_NINE, TOPIC } from './records.fixture.ts';

export const ROOT = '/pipeline';

export const silentLogger = Object.fromEntries(
  ['fatal', 'error', 'warn', 'info', 'debug', 'trace'].map((level) => [level, () => undefined]),
) as unknown as Logger;

export interface WriterFacts {
  readonly compression?: FileCompression;
  readonly hook?: CommitStepHook;
  readonly nowMs?: () => number;
}

export function openWriter(
  store: MemoryFileStore,
  assignment: PartitionAssignment,
  { compression = 'none', hook = noHook, nowMs = () => HALF_PAST_NINE }: WriterFacts = {},
): PartitionWriter {
  const logger = silentLogger;
  return new HdfsSinkWriter({ store, root: ROOT, compression, hook, logger, nowMs }).open(assignment);
}

/** Committed files by path, oldest first, each as its rows. */
export function committedFiles({ files }: MemoryFileStore): Record<string, Record<string, unknown>[]> {
  const paths = [...files.keys()].filter((path) => path.startsWith(`${ROOT}/${TOPIC}/`)).sort();
  return Object.fromEntries(paths.map((path) => [path, rowsOf(path, files.get(path)!.body)]));
}

/** Kafka offsets of all committed rows, in the order of the files. */
export function committedOffsets(store: MemoryFileStore): unknown[] {
  return Object.values(committedFiles(store)).flatMap((rows) => rows.map((row) => row.kafka_offset));
}

export function pathAt(offset: number, hour = 9, extension = '.jsonl'): string {
  const name = `${TOPIC}-p0-${String(offset).padStart(20, '0')}${extension}`;
  return `${ROOT}/${TOPIC}/dt=2026-11-22/hour=${String(hour).padStart(2, '0')}/${name}`;
}

function rowsOf(path: string, body: Buffer): Record<string, unknown>[] {
  const text = (path.endsWith('.gz') ? gunzipSync(body) : body).toString();
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}
