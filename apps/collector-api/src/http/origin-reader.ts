import { isUtf8 } from 'node:buffer';
import { formatInstant } from '@pipeline/event-schema';
import { type FastifyRequest } from 'fastify';
import { type BrokerClock } from '@pipeline/kafka-transport';
import { type Readiness, type Tracer, truncatedAddress } from '@pipeline/observability';
import { BotDetector } from '../accept/bot-detector.ts';
import { Refusal } from '../accept/refusal.ts';
import { type Sender, senderFields } from '../accept/stamp-event.ts';

const MAX_USER_AGENT = 512;

/** es-sink refuses events of more than a day ahead of the broker's time; half of it is left for brokers that differ. */
export const MAX_CLOCK_ERROR_MS = 12 * 3_600_000;

/** Reads from a request what is to be known of its sender, once for all of its events; begins its span. */
export class SenderReader {
  private readonly bots = new BotDetector();

  constructor(
    /** Whether the network of the client's address is stored with its events. */
    private readonly storesNetwork: boolean,
    private readonly tracer: Tracer,
    private readonly clock: BrokerClock,
    readiness: Readiness,
  ) {
    readiness.register('clock', () => this.clockError());
  }

  /** @throws Refusal while this clock would date events so that es-sink refuses them. */
  read(request: FastifyRequest): Sender {
    if (Math.abs(this.clock.aheadMs) > MAX_CLOCK_ERROR_MS) throw new Refusal('clock-wrong');
    const { headers, clientNetwork: client } = request;
    const receivedMs = Date.now();
    const receivedAt = formatInstant(receivedMs);
    const span = this.tracer.start('accept', { kind: 'server', parent: headers['traceparent'] });
    const refusesTracking = headers['sec-gpc'] === '1' || headers['dnt'] === '1';
    const fields = senderFields({
      receivedAt,
      userAgent: userAgentOf(headers['user-agent']),
      botReason: this.bots.reasonOf(headers),
      network: this.storesNetwork && !refusesTracking ? truncatedAddress(request.clientAddress) : undefined,
    });
    return { receivedMs, receivedAt, traceparent: span.traceparent, span, refusesTracking, client, fields };
  }

  private clockError(): string | undefined {
    const { aheadMs } = this.clock;
    if (Math.abs(aheadMs) <= MAX_CLOCK_ERROR_MS) return undefined;
    const hours = Math.round(Math.abs(aheadMs) / 3_600_000);
    return `The clock of this machine is ${hours} h ${aheadMs > 0 ? 'ahead of' : 'behind'} the broker's`;
  }
}

const PRINTABLE_ASCII = /^[ -~]*$/;
// eslint-disable-next-line no-control-regex -- finding them is the purpose
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f]/g;

/** Node gives the bytes of a header one by one, as Latin-1; where they are UTF-8 they are read as that. */
function userAgentOf(header = ''): string {
  if (PRINTABLE_ASCII.test(header)) return header.slice(0, MAX_USER_AGENT);
  const bytes = Buffer.from(header, 'latin1');
  const text = (isUtf8(bytes) ? bytes.toString() : header).replaceAll(CONTROL_CHARACTERS, '');
  // A cut through a pair would leave half a character.
  return text.slice(0, MAX_USER_AGENT).replace(/[\ud800-\udbff]$/, '');
}
