import { type INestApplication } from '@nestjs/common';
import { Intake, IntakeRefusal, type Origin } from '@pipeline/intake';
import { type FastifyInstance } from 'fastify';
import { COLLECTOR_CONFIG, type CollectorApiConfig, logsBodyLimit } from '../collector-api.config.ts';
import { isProtobuf, sendAccepted } from '../logs/logs-answer.ts';
import { readLogs } from '../logs/read-logs.ts';
import { LOGS_URL } from './gate.ts';
import { OriginReader } from './origin-reader.ts';

const EMPTY = Buffer.alloc(0);

/**
 * `POST /v1/logs`: OTLP/HTTP 1.x, JSON and protobuf. 200 once every record that is not told to be rejected is durable; a route of
 * Fastify for the reason that `serveEvents` gives.
 */
export function serveLogs(app: INestApplication): void {
  const intake = app.get(Intake);
  const origins = app.get(OriginReader);
  const maxSharedCharacters = 2 * logsBodyLimit(app.get<CollectorApiConfig>(COLLECTOR_CONFIG));
  const fastify = app.getHttpAdapter().getInstance() as FastifyInstance;
  fastify.post(LOGS_URL, async (request, reply) => {
    const body = Buffer.isBuffer(request.body) ? request.body : EMPTY;
    const events = readLogs(body, isProtobuf(reply), maxSharedCharacters);
    const origin = origins.readAgent(request);
    sendAccepted(reply, events.length === 0 ? [] : await accept(events, body.length, origin));
  });

  /** That none of them is taken is an answer, too: a request that is refused would be sent again, or lost whole. */
  async function accept(events: ReturnType<typeof readLogs>, bytes: number, origin: Origin) {
    try {
      return (await intake.acceptFinished(events, bytes, origin)).rejections;
    } catch (error) {
      if (error instanceof IntakeRefusal && error.code === 'all-events-rejected') return error.rejections;
      throw error;
    }
  }
}
