import { formatInstant } from '@pipeline/event-schema';
import { type FastifyRequest } from 'fastify';
import { type Tracer, truncatedAddress } from '@pipeline/observability';
import { BotDetector } from '../accept/bot-detector.ts';
import { type Sender, senderFields } from '../accept/stamp-event.ts';

const MAX_USER_AGENT = 512;

/** Reads from a request what is to be known of its sender, once for all of its events; begins its span. */
export class SenderReader {
  private readonly bots = new BotDetector();

  constructor(
    /** Whether the network of the client's address is stored with its events. */
    private readonly storesNetwork: boolean,
    private readonly tracer: Tracer,
  ) {}

  read(request: FastifyRequest): Sender {
    const { headers } = request;
    const receivedMs = Date.now();
    const receivedAt = formatInstant(receivedMs);
    const span = this.tracer.start('accept', { kind: 'server', parent: headers['traceparent'] });
    const refusesTracking = headers['sec-gpc'] === '1' || headers['dnt'] === '1';
    const fields = senderFields({
      receivedAt,
      userAgent: (headers['user-agent'] ?? '').slice(0, MAX_USER_AGENT),
      botReason: this.bots.reasonOf(headers),
      network: this.storesNetwork && !refusesTracking ? truncatedAddress(request.clientAddress) : undefined,
    });
    return { receivedMs, receivedAt, traceparent: span.traceparent, span, refusesTracking, fields };
  }
}
