import { type OutgoingHttpHeaders } from 'node:http';
import {
  type BeforeApplicationShutdown,
  Controller,
  Get,
  Inject,
  Req,
  Res,
  ServiceUnavailableException,
} from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { LiveFeed } from './live-feed.ts';
import { type LiveSnapshot } from '../protocol/live-protocol.ts';
import { SseLiveSubscriber } from './sse.live-subscriber.ts';

const RETRY_SECONDS = 5;

/** Unsent bytes at which a subscriber is dropped. */
export const SUBSCRIBER_MAX_BYTES = Symbol('subscriber-max-bytes');

const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
};

/**
 * `GET /v1/live`: server-sent events, resumed by `Last-Event-ID` (or `?after=`, for a page that opens a connection
 * anew). `GET /v1/live/snapshot`: the same state once, for browsers that cannot hold a connection.
 */
@Controller('v1/live')
export class LiveController implements BeforeApplicationShutdown {
  constructor(
    @Inject(LiveFeed) private readonly feed: LiveFeed,
    @Inject(SUBSCRIBER_MAX_BYTES) private readonly subscriberMaxBytes: number,
  ) {}

  @Get()
  stream(
    @Req() request: FastifyRequest<{ Querystring: { after?: unknown } }>,
    @Res() reply: FastifyReply,
  ): void {
    if (request.method === 'HEAD') {
      void reply.headers(STREAM_HEADERS).send();
      return;
    }
    if (!this.feed.admits(request.clientNetwork)) {
      void reply.header('retry-after', RETRY_SECONDS);
      throw new ServiceUnavailableException({
        code: 'too-many-subscribers',
        message: 'No room for a live connection',
      });
    }
    const subscriber = new SseLiveSubscriber(request.clientNetwork, reply.raw, this.subscriberMaxBytes);
    const position = request.headers['last-event-id'] ?? request.query.after;
    reply.hijack();
    reply.raw.writeHead(200, { ...outgoing(reply), ...STREAM_HEADERS });
    reply.raw.once('close', () => this.feed.unsubscribe(subscriber));
    this.feed.subscribe(subscriber, typeof position === 'string' ? position : undefined);
  }

  @Get('snapshot')
  snapshot(): LiveSnapshot {
    return this.feed.snapshot();
  }

  /** Fastify waits for open responses when it closes, so they must end first. */
  beforeApplicationShutdown(): void {
    this.feed.close();
  }
}

/** The headers that every answer has; a hijacked reply must write them itself. */
function outgoing(reply: FastifyReply): OutgoingHttpHeaders {
  return reply.getHeaders() as OutgoingHttpHeaders;
}
