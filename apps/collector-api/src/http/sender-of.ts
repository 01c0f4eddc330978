import { formatInstant } from '@pipeline/event-schema';
import { type FastifyRequest } from 'fastify';
import { type Tracer } from '@pipeline/observability';
import { BotDetector } from '../accept/bot-detector.ts';
import { type Sender, senderFields } from '../accept/stamp-event.ts';
import { clientAddress, truncatedAddress } from './client-address.ts';

const MAX_USER_AGENT = 512;

export interface SenderOptions {
  /** Whether the network of the client's address is stored with its events. */
  readonly storesNetwork: boolean;
  /** Proxies of ours between the clients and this app. */
  readonly trustedHops: number;
}

/** Reads from a request what is to be known of its sender, once for all of its events; begins its span. */
export class SenderReader {
  private readonly bots = new BotDetector();

  constructor(
    private readonly options: SenderOptions,
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
      network: this.options.storesNetwork && !refusesTracking ? this.networkOf(request) : undefined,
    });
    return { receivedMs, receivedAt, traceparent: span.traceparent, span, refusesTracking, fields };
  }

  private networkOf({ headers, raw }: FastifyRequest): string | undefined {
    const { remoteAddress } = raw.socket;
    const forwardedFor = headers['x-forwarded-for'];
    return truncatedAddress(clientAddress({ remoteAddress, forwardedFor }, this.options.trustedHops));
  }
}
