import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { JSON_TYPE } from '@pipeline/observability';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { EventAcceptor } from '../accept/event-acceptor.ts';
import { DescribesCollect } from './events.documentation.ts';
import { SenderReader } from './sender-of.ts';

/** Where events come in. The body is a Buffer: no pipe, no interceptor and no DTO stands on this path. */
@Controller('v1/events')
export class EventsController {
  constructor(
    @Inject(EventAcceptor) private readonly acceptor: EventAcceptor,
    @Inject(SenderReader) private readonly senders: SenderReader,
  ) {}

  @Post()
  @DescribesCollect()
  async collect(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const body = Buffer.isBuffer(request.body) ? request.body : EMPTY;
    const answer = await this.acceptor.accept(body, this.senders.read(request));
    void reply.code(202).header('content-type', JSON_TYPE).send(answer);
  }
}

const EMPTY = Buffer.alloc(0);
