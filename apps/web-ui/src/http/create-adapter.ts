import { FastifyAdapter } from '@nestjs/platform-fastify';
import { type FastifyError, type FastifyReply, type FastifyRequest } from 'fastify';
import { refusalOf } from './refusal.ts';

/** Fastify as web-ui needs it: what it refuses before Nest sees the request has the form of every refusal. */
export function createAdapter(): FastifyAdapter {
  return new FastifyAdapter({
    frameworkErrors: (_error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
      void reply.status(400).send(refusalOf(400));
    },
  });
}
