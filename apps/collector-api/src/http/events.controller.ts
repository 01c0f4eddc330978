import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { formatInstant } from '@pipeline/event-schema';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { EventAcceptor } from '../accept/event-acceptor.ts';
import { type Sender } from '../accept/stamp-event.ts';
import { DescribesCollect } from './events.documentation.ts';
import { JSON_TYPE } from './send-refusal.ts';
import { traceparentOf } from './trace-parent.ts';

const MAX_USER_AGENT = 512;

/** Where events come in. The body is a Buffer: no pipe, no interceptor and no DTO stands on this path. */
@Controller('v1/events')
export class EventsController {
  constructor(@Inject(EventAcceptor) private readonly acceptor: EventAcceptor) {}

  @Post()
  @DescribesCollect()
  async collect(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const body = Buffer.isBuffer(request.body) ? request.body : EMPTY;
    const answer = await this.acceptor.accept(body, senderOf(request));
    void reply.code(202).header('content-type', JSON_TYPE).send(answer);
  }
}

const EMPTY = Buffer.alloc(0);

function senderOf({ headers }: FastifyRequest): Sender {
  const receivedMs = Date.now();
  return {
    receivedMs,
    receivedAt: formatInstant(receivedMs),
    userAgent: (headers['user-agent'] ?? '').slice(0, MAX_USER_AGENT),
    traceparent: traceparentOf(headers['traceparent']),
  };
}
