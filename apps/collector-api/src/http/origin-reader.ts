import { isUtf8 } from 'node:buffer';
import { Inject, Injectable } from '@nestjs/common';
import { type Origin } from '@pipeline/intake';
import { TRACER, type Tracer, truncatedAddress } from '@pipeline/observability';
import { type FastifyRequest } from 'fastify';
import { isBot } from 'isbot';
import { HTTP_OPTIONS, type HttpOptions } from './http-options.ts';

const MAX_USER_AGENT = 512;

/** What is not kept of the events of a visitor who refuses to be tracked (`Sec-GPC: 1` or `DNT: 1`). */
const IDS_OF_VISITOR = ['visitor_id', 'session_id'] as const;

/** Reads from a request what is to be known of its sender, once for all of its events; starts its span. */
@Injectable()
export class OriginReader {
  private readonly bots = new BotDetector();

  constructor(
    @Inject(HTTP_OPTIONS) private readonly options: Pick<HttpOptions, 'storesNetwork'>,
    @Inject(TRACER) private readonly tracer: Tracer,
  ) {}

  read(request: FastifyRequest): Origin {
    const { headers, clientNetwork: client } = request;
    const refusesTracking = headers['sec-gpc'] === '1' || headers['dnt'] === '1';
    const storesNetwork = this.options.storesNetwork && !refusesTracking;
    const botReason = this.bots.reasonOf(headers);
    return {
      receivedMs: Date.now(),
      span: this.tracer.start('accept', { kind: 'server', parent: headers['traceparent'] }),
      client,
      fields: {
        user_agent: userAgentOf(headers['user-agent']),
        is_bot: botReason !== undefined,
        bot_reason: botReason,
        client_network: storesNetwork ? truncatedAddress(request.clientAddress) : undefined,
      },
      withheld: refusesTracking ? IDS_OF_VISITOR : NOTHING,
    };
  }

  /** Of a program that sends what others have logged: nothing of it is stored. */
  readAgent({ headers, clientNetwork: client }: FastifyRequest): Origin {
    const span = this.tracer.start('accept logs', { kind: 'server', parent: headers['traceparent'] });
    return { ingress: 'otlp', receivedMs: Date.now(), span, client, fields: {}, withheld: NOTHING };
  }
}

const NOTHING: readonly string[] = [];

const PRINTABLE_ASCII = /^[ -~]*$/;
// eslint-disable-next-line no-control-regex -- finding them is the purpose
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f]/g;

/** Node gives the bytes of a header one by one, as Latin-1; if they are UTF-8 they are read as that. */
function userAgentOf(header = ''): string {
  if (PRINTABLE_ASCII.test(header)) return header.slice(0, MAX_USER_AGENT);
  const bytes = Buffer.from(header, 'latin1');
  const text = (isUtf8(bytes) ? bytes.toString() : header).replaceAll(CONTROL_CHARACTERS, '');
  // A cut through a pair would leave half a character.
  return text.slice(0, MAX_USER_AGENT).replace(/[\ud800-\udbff]$/, '');
}

/** Why an event counts as a bot's. Closed: it is stored with the event. */
type BotReason = 'user-agent-missing' | 'user-agent-listed' | 'headers-inconsistent';

/** What a verdict looks at. */
interface ClientHeaders {
  readonly 'user-agent'?: string | undefined;
  readonly 'accept-language'?: string | undefined;
}

const MAX_REMEMBERED = 1_000;

/**
 * Tells bots from browsers by what they say of themselves. A verdict marks an event and never drops it, so it may be
 * wrong. A user agent costs a dozen microseconds to judge and comes again and again: the last ones are remembered.
 */
export class BotDetector {
  private young = new Map<string, boolean>();
  private old = new Map<string, boolean>();

  /** Nothing where it looks like a browser that a person uses. */
  reasonOf({ 'user-agent': userAgent, 'accept-language': languages }: ClientHeaders): BotReason | undefined {
    if (userAgent === undefined || userAgent === '') return 'user-agent-missing';
    if (this.isListed(userAgent.slice(0, MAX_USER_AGENT))) return 'user-agent-listed';
    // Every browser says which languages its reader wants; a program that borrows a browser's name mostly does not.
    return languages === undefined ? 'headers-inconsistent' : undefined;
  }

  private isListed(userAgent: string): boolean {
    const known = this.young.get(userAgent) ?? this.old.get(userAgent);
    if (known !== undefined) return known;
    if (this.young.size >= MAX_REMEMBERED) {
      this.old = this.young;
      this.young = new Map();
    }
    const isListed = isBot(userAgent);
    this.young.set(userAgent, isListed);
    return isListed;
  }
}
