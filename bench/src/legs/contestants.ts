import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { environment } from '@pipeline/config';

export interface ContestantPlace {
  readonly port: number;
  readonly brokers: readonly string[];
  readonly topic: string;
}

/** A program that takes `POST /v1/events` and answers 202 when Kafka has the events. */
export interface Contestant {
  readonly name: string;
  command(place: ContestantPlace): {
    readonly args: readonly string[];
    readonly environment: NodeJS.ProcessEnv;
  };
}

const WORKSPACE = join(import.meta.dirname, '../../..');
const LINGERS_MS = [1, 2, 5];
const QUICK_LINGERS_MS = [1, 5];

/** The collector first, then the floors. */
export function contestants(isQuick: boolean): Contestant[] {
  const lingers = isQuick ? QUICK_LINGERS_MS : LINGERS_MS;
  return [ours, ...lingers.map(bare)];
}

const ours: Contestant = {
  name: 'ours',
  command: ({ port, brokers }) => {
    const main = join(WORKSPACE, 'apps/collector-api/dist/main.js');
    if (!existsSync(main)) throw new Error('collector-api is not built: npx nx build collector-api');
    const settings = {
      COLLECTOR_API_PORT: String(port),
      KAFKA_BROKERS: brokers.join(','),
      LOG_LEVEL: 'warn',
      // Patient, as the floors are: a machine that is busy with other work must not refuse.
      PUBLISH_TIMEOUT_MS: '10000',
      SHUTDOWN_GRACE_MS: '20000',
    };
    return {
      args: ['--enable-source-maps', main],
      environment: { PATH: environment()['PATH'], ...settings },
    };
  },
};

function bare(lingerMs: number): Contestant {
  return {
    name: `bare Fastify + kafkajs, ${lingerMs} ms`,
    command: ({ port, brokers, topic }) => ({
      args: [
        join(import.meta.dirname, '../floors/bare-collector.js'),
        String(port),
        brokers.join(','),
        topic,
        String(lingerMs),
      ],
      environment: { PATH: environment()['PATH'], KAFKAJS_NO_PARTITIONER_WARNING: '1' },
    }),
  };
}
