import { isUtf8 } from 'node:buffer';
import { Inject, Injectable } from '@nestjs/common';
import { type Origin } from '@pipeline/intake';
import { type Tracer, TRACER, truncatedAddress } from '@pipeline/observability';
import { type FastifyRequest } from 'fastify';
import { BotDetector } from './bot-detector.ts';
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
