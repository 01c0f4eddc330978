import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { EventAcceptor } from '../accept/event-acceptor.ts';
import { ReceivedEvents } from '../accept/read-events.ts';
import { Refusal } from '../accept/refusal.ts';
import { DescribesPixel } from './pixel.documentation.ts';
import { queryEvent } from './query-event.ts';
import { sendPixel } from './send-refusal.ts';
import { SenderReader } from './sender-of.ts';

/** One event by an image, for pages without script: the same checks and the same durability as `POST /v1/events`. */
@Controller('v1/events')
export class PixelController {
  constructor(
    @Inject(EventAcceptor) private readonly acceptor: EventAcceptor,
    @Inject(SenderReader) private readonly senders: SenderReader,
  ) {}

  @Get('pixel.gif')
  @DescribesPixel()
  async collect(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    // Fastify would serve HEAD with this, too; a look at the headers must not count as an event.
    if (request.method === 'HEAD') {
      reply.header('allow', 'GET');
      throw new Refusal('method-not-allowed');
    }
    const event = queryEvent(request.query as Record<string, unknown>);
    const { duplicates } = await this.acceptor.acceptAll(
      new ReceivedEvents([event]),
      request.url.length,
      this.senders.read(request),
    );
    sendPixel(reply, 200, duplicates > 0 ? 'duplicate' : 'accepted');
  }
}
