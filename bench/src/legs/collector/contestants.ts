import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type CollectorContestant } from './collector-contestant.ts';

const WORKSPACE = join(import.meta.dirname, '../../../..');

export const ourCollector = collectorOf(WORKSPACE, 'ours');

/** The product's collector as it is built in a checkout. */
export function collectorOf(checkout: string, name: string): CollectorContestant {
  const main = join(checkout, 'apps/collector-api/dist/main.js');
  return {
    name,
    kind: 'ours',
    guarantee: 'answers after acks=all; a repetition is recognised',
    command: ({ port, brokers }) => {
      if (!existsSync(main)) throw new Error(`${main} is not built: npx nx build collector-api`);
      return {
        command: process.execPath,
        // As in its image.
        args: ['--max-semi-space-size=32', main],
        environment: {
          COLLECTOR_API_PORT: String(port),
          KAFKA_BROKERS: brokers.join(','),
          LOG_LEVEL: 'warn',
          // Patient, as the floors are: a machine that is busy with other work must not refuse.
          PUBLISH_TIMEOUT_MS: '10000',
          SHUTDOWN_GRACE_MS: '20000',
        },
      };
    },
  };
}

/** @param lingerMs how long a batch waits for more. */
export function bareCollector(lingerMs: number): CollectorContestant {
  return {
    name: `bare Fastify + kafkajs, ${lingerMs} ms`,
    kind: 'floor',
    guarantee: 'answers after acks=all; checks nothing',
    command: ({ port, brokers, topic }) => ({
      command: process.execPath,
      args: [
        join(import.meta.dirname, '../../floors/bare-collector.js'),
        String(port),
        brokers.join(','),
        topic,
        String(lingerMs),
      ],
      environment: { KAFKAJS_NO_PARTITIONER_WARNING: '1' },
    }),
  };
}
