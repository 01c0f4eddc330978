import { type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { type FastifyHttpOptions, type FastifyInstance, type FastifyRequest } from 'fastify';
import { type Registry } from 'prom-client';
import { metricsIn } from '../metrics.ts';
import { clientAddress, clientNetwork } from './client-address.ts';
import { type HttpRefusalCode, httpRefusalOf, refuseConnection, refuseRequest } from './http-refusals.ts';
import { RequestsInTurn } from './requests-in-turn.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The client's address behind the trusted proxies. */
    readonly clientAddress: string;
    /** What is limited as one client: its IPv4 address, or its /64 of IPv6. */
    readonly clientNetwork: string;
  }
}

/** What the port of an app grants to its clients. */
export interface HttpLimits {
  /** Open connections; beyond them idle ones are closed, and new ones refused. */
  readonly maxConnections: number;
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** A connection on which nothing moves for so long is ended: its client does not read. Above any time to answer. */
  readonly stallTimeoutMs: number;
  /** Proxies of ours in front, each of which appends to `X-Forwarded-For`. */
  readonly trustedProxyHops: number;
}

/** For a port that operators and probes ask. */
export const DEFAULT_HTTP_LIMITS: HttpLimits = {
  maxConnections: 200,
  headersTimeoutMs: 5_000,
  requestTimeoutMs: 10_000,
  stallTimeoutMs: 30_000,
  trustedProxyHops: 0,
};

export const httpMetrics = metricsIn(({ counter }) => ({
  connectionsEnded: counter(
    'http_connections_ended_total',
    'HTTP connections ended for what their client does: pipelining, not-reading; or refused because of too-many',
    'reason',
  ),
}));

const CHECK_INTERVAL_MS = 1_000;
const MAX_HEADER_BYTES = 16_384;

/**
 * Fastify under Nest with bounds that hold for the port of every app: connections, the time of a request, requests that
 * wait on a connection, a client that does not read. It refuses what no route should see, as `{"code","message"}`.
 * Decision: docs/decisions/0024-connections.md.
 */
export class BoundedHttpAdapter extends FastifyAdapter {
  private metrics: ReturnType<typeof httpMetrics> | undefined;

  constructor(
    limits: Partial<HttpLimits> = {},
    options: FastifyHttpOptions<Server> & { skipMiddie?: true } = {},
  ) {
    const all = { ...DEFAULT_HTTP_LIMITS, ...limits };
    super({
      ...timeoutsOf(all),
      clientErrorHandler: (error, socket) => {
        if (error.code === 'ECONNRESET' || !socket.writable) return;
        const code = httpRefusalOf(error.code);
        this.countRefusal(code);
        refuseConnection(socket, code);
      },
      ...options,
    });
    const fastify = this.getInstance<FastifyInstance>();
    this.boundConnections(fastify.server, all.maxConnections);
    nameClients(fastify, all.trustedProxyHops);
  }

  /** From now on connections that are ended here are counted; before, no request can come. */
  observe(registry: Registry): void {
    this.metrics = httpMetrics(registry);
  }

  /** For an app that counts its refusals by code: these belong to them. */
  protected countRefusal(_code: HttpRefusalCode): void {}

  private boundConnections(server: Server, maxConnections: number): void {
    server.maxConnections = maxConnections;
    server.on('drop', () => {
      this.countEnded('too-many');
      // Those that wait for nothing give way, so that a full port is free for the next client.
      server.closeIdleConnections();
    });
    server.on('timeout', (socket: Socket) => {
      if (socket.writableLength > 0) this.countEnded('not-reading');
      socket.destroy();
    });
    const [handle] = server.listeners('request') as [RequestListener];
    const inTurn = new RequestsInTurn(handle, () => this.countEnded('pipelining'));
    const take: RequestListener = (request, response) => {
      if (hasOneHost(request)) inTurn.take(request, response);
      else this.refuse(response, 'malformed-request');
    };
    server.removeAllListeners('request').on('request', take);
    // An app that reads bodies says 100 itself, once it wants the body.
    server.on('checkContinue', take);
    server.on('checkExpectation', (_request, response) => this.refuse(response, 'expectation-failed'));
  }

  private refuse(response: Parameters<typeof refuseRequest>[0], code: HttpRefusalCode): void {
    this.countRefusal(code);
    refuseRequest(response, code);
  }

  private countEnded(reason: 'too-many' | 'not-reading' | 'pipelining'): void {
    this.metrics?.connectionsEnded.inc({ reason });
  }
}

function timeoutsOf(limits: HttpLimits): FastifyHttpOptions<Server> {
  return {
    connectionTimeout: limits.stallTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    http: {
      headersTimeout: limits.headersTimeoutMs,
      // Node looks for overdue requests only this often, by default every 30 s.
      connectionsCheckingInterval: CHECK_INTERVAL_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      // Node would refuse in its own words.
      requireHostHeader: false,
    },
  };
}

/** HTTP/1.1 asks for exactly one `Host`; HTTP/1.0 knows none. */
function hasOneHost({ rawHeaders, httpVersionMinor }: IncomingMessage): boolean {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts === 1 || (hosts === 0 && httpVersionMinor === 0);
}

function nameClients(fastify: FastifyInstance, trustedHops: number): void {
  const addressOf = ({ raw, headers }: FastifyRequest): string =>
    clientAddress(
      { remoteAddress: raw.socket.remoteAddress, forwardedFor: headers['x-forwarded-for'] },
      trustedHops,
    );
  fastify.decorateRequest('clientAddress', {
    getter(this: FastifyRequest) {
      return addressOf(this);
    },
  });
  fastify.decorateRequest('clientNetwork', {
    getter(this: FastifyRequest) {
      return clientNetwork(addressOf(this));
    },
  });
}
