import { type MessageHandler } from '@nestjs/microservices';
import { createLogger, Readiness } from '@pipeline/observability';
import { KafkaBatchServer, type KafkaBatchServerOptions } from '../src/consume/kafka-batch-server.ts';
import { type MemoryKafka, settle } from '@pipeline/kafka-driver/testing';
import { type BatchContext, type RecordBatch } from '../src/consume/record-batch.ts';

/** One call of the handler, which ends when the spec says so. */
export interface Call {
  readonly batch: RecordBatch;
  readonly context: BatchContext;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

const servers: KafkaBatchServer[] = [];

/** For `afterEach`. */
export async function closeAll(): Promise<void> {
  await Promise.all(servers.splice(0).map((server) => server.close()));
}

/** A server whose handler of `clicks` notes its calls. */
export async function start(kafka: MemoryKafka, options: Partial<KafkaBatchServerOptions> = {}) {
  const calls: Call[] = [];
  const readiness = new Readiness();
  const server = new KafkaBatchServer({
    connection: { brokers: ['memory:1'], clientId: 'spec', tls: undefined, sasl: undefined },
    groupId: 'spec',
    fromBeginning: true,
    maxInFlightBytes: 1 << 20,
    drainTimeoutMs: 50,
    logger: createLogger('spec', 'silent'),
    readiness,
    kafka,
    ...options,
  });
  servers.push(server);
  const handler: MessageHandler = (batch: RecordBatch, context: BatchContext) =>
    new Promise((resolve, reject) =>
      calls.push({ batch, context, resolve: () => resolve(undefined), reject }),
    );
  server.addHandler('clicks', handler, true);
  server.listen((error) => {
    if (error) throw error as Error;
  });
  await settle();
  return { server, calls, readiness };
}

export const values = ({ batch }: Call) => batch.records.map(({ value }) => value?.toString());

/** Tries an expectation until it holds, at most four seconds. */
export async function expectEventually(expectation: () => void | Promise<void>): Promise<void> {
  const deadline = performance.now() + 4_000;
  for (;;) {
    try {
      await expectation();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await settle();
    }
  }
}
