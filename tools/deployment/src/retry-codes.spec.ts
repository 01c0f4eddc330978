import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WORKSPACE } from './workspace.ts';

const RUNBOOK = read('docs/runbook.md');
/** What a publisher says of one call, not of Kafka. */
const NOT_OF_LETTERS = /^(no-handler|several-handlers|not-an-event-handler|query-.*)$/;

function read(file: string): string {
  return readFileSync(join(WORKSPACE, file), 'utf8');
}

function uncommented(source: string): string {
  return source.replace(/\/\*\*[^]*?\*\//g, '');
}

/** The members of a closed list of codes, as its file writes them. */
function codesIn(file: string, type: string): string[] {
  const [, members = ''] = new RegExp(`export type ${type} =([^;]*);`).exec(uncommented(read(file))) ?? [];
  return [...members.matchAll(/\| '([^']+)'/g)].map(([, code = '']) => code);
}

/** The codes of `sink_flush_retries_total`. */
const CODES = [
  ...codesIn('apps/es-sink/src/elasticsearch/store-error.ts', 'StoreErrorCode'),
  ...codesIn('apps/hdfs-sink/src/hdfs/file-store-error.ts', 'FileStoreErrorCode'),
  ...codesIn('libs/kafka-driver/src/batch-sender.ts', 'TransportErrorCode')
    .filter((code) => !NOT_OF_LETTERS.test(code))
    .map((code) => `dlq-${code}`),
  'internal-error',
];

describe('the runbook', () => {
  const [, entry = ''] = /\n### sink-retries\n([^]*?)\n### /.exec(RUNBOOK) ?? [];

  it('finds the codes of both stores and of Kafka', () => {
    expect(CODES).toEqual(expect.arrayContaining(['overloaded', 'safe-mode', 'dlq-broker-unavailable']));
  });

  it.each(CODES)('explains why a flush is repeated: %s', (code) => {
    expect(entry).toContain(`\`${code}\``);
  });
});
