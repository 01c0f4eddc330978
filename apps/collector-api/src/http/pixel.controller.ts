import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { Intake } from '@pipeline/intake';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { OriginReader } from './origin-reader.ts';
import { DescribesPixel } from './pixel.documentation.ts';
import { queryEvent } from './query-event.ts';
import { RequestRefusal, sendPixel } from './refusals.ts';

/** One event by an image, for pages without script: the same checks and the same durability as `POST /v1/events`. */
@Controller('v1/events')
export class PixelController {
  constructor(
    @Inject(Intake) private readonly intake: Intake,
    @Inject(OriginReader) private readonly origins: OriginReader,
  ) {}

  @Get('pixel.gif')
  @DescribesPixel()
  async collect(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    // Fastify would serve HEAD with this, too; a look at the headers must not count as an event.
    if (request.method === 'HEAD') {
      reply.header('allow', 'GET');
      throw new RequestRefusal('method-not-allowed');
    }
    const event = queryEvent(request.query as Record<string, unknown>);
    const origin = this.origins.read(request);
    const { duplicates } = await this.intake.acceptValues([event], request.url.length, origin);
    sendPixel(reply, 200, duplicates > 0 ? 'duplicate' : 'accepted');
  }
}
