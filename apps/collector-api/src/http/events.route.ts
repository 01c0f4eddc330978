import { type INestApplication } from '@nestjs/common';
import { Intake } from '@pipeline/intake';
import { JSON_TYPE } from '@pipeline/observability';
import { type FastifyInstance } from 'fastify';
import { EVENTS_URL } from './gate.ts';
import { HTTP_OPTIONS, type HttpOptions } from './http-options.ts';
import { OriginReader } from './origin-reader.ts';

const EMPTY = Buffer.alloc(0);

/**
 * `POST /v1/events`, where nearly all events come in. It is a route of Fastify and not of a controller: Nest's router costs
 * several promises per request, a tenth of a collector's time. So no pipe, guard or interceptor of Nest applies to it; the
 * gate is a hook of Fastify, and what is thrown here goes to the filter as from any controller.
 */
export function serveEvents(app: INestApplication): void {
  const intake = app.get(Intake);
  const origins = app.get(OriginReader);
  const { maxEventsPerRequest } = app.get<HttpOptions>(HTTP_OPTIONS);
  const fastify = app.getHttpAdapter().getInstance() as FastifyInstance;
  fastify.post(EVENTS_URL, async (request, reply) => {
    const body = Buffer.isBuffer(request.body) ? request.body : EMPTY;
    const { durability, results } = await intake.acceptJson(body, maxEventsPerRequest, origins.read(request));
    reply.code(202).header('content-type', JSON_TYPE);
    void reply.send(`{"durability":"${durability}","results":${results}}`);
  });
}
