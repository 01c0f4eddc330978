import {
  createServer,
  request as sendRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A request on its way to the server, its body complete. */
export interface ProxiedRequest {
  readonly method: string;
  /** Path and query, as the server will see it. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface ProxiedAnswer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/**
 * What goes wrong with one exchange. `refuse`: answered here, the server never hears of it. `rewrite`: the server gets
 * another body, the client another answer. `lose-answer`: the server does it, then the connection breaks.
 * `never-answer`: the server does it, the client hears nothing. `swallow`: neither hears anything of it. `slow`: the
 * answer takes so many times as long as the server needed. `late`: so much longer. `cut-body`: the server gets half of the body, then
 * `meanwhile` runs, then both connections break.
 */
export type Fault =
  | { readonly kind: 'refuse'; readonly answer: ProxiedAnswer }
  | {
      readonly kind: 'rewrite';
      readonly body: Buffer;
      readonly rewrite: (answer: ProxiedAnswer) => ProxiedAnswer;
    }
  | { readonly kind: 'lose-answer' }
  | { readonly kind: 'never-answer' }
  | { readonly kind: 'swallow' }
  | { readonly kind: 'slow'; readonly factor: number }
  | { readonly kind: 'late'; readonly delayMs: number }
  | { readonly kind: 'cut-body'; readonly meanwhile: () => void | Promise<void> };

/** Looks at every request; nothing means that it passes unharmed. */
export type FaultRule = (request: ProxiedRequest) => Fault | undefined;

export interface Route {
  /** Origin of the server, such as `http://127.0.0.1:9870`. */
  readonly origin: string;
  readonly path: string;
}

export interface FaultProxyOptions {
  /** Where a request goes, by its path and query. */
  readonly route: (path: string) => Route;
  /** Applied to every answer that passes; the default changes nothing. */
  readonly adapt?: (answer: ProxiedAnswer) => ProxiedAnswer;
}

/** An HTTP server on loopback that passes requests on to a real one and, on demand, does to them what networks do. */
export class FaultProxy {
  /** Requests that were harmed so far. */
  harmed = 0;
  private readonly server: Server;
  private rule: FaultRule | undefined;

  constructor(private readonly options: FaultProxyOptions) {
    this.server = createServer((request, response) => {
      this.serve(request, response).catch(() => response.destroy());
    });
  }

  /** @returns its URL. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this.url;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** From now on every request is shown to the rule, until `heal()` or another rule. */
  harm(rule: FaultRule): void {
    this.rule = rule;
  }

  heal(): void {
    this.rule = undefined;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bytesOf(incoming);
    const { origin, path } = this.options.route(incoming.url ?? '/');
    const request = { method: incoming.method ?? 'GET', path, headers: incoming.headers, body };
    const fault = this.rule?.(request);
    if (fault === undefined) return answer(response, this.adapted(await forward(origin, request)));
    this.harmed += 1;
    switch (fault.kind) {
      case 'refuse':
        return answer(response, fault.answer);
      case 'rewrite':
        return answer(response, fault.rewrite(await forward(origin, { ...request, body: fault.body })));
      case 'lose-answer':
        await forward(origin, request);
        response.destroy();
        return;
      case 'never-answer':
        await forward(origin, request);
        return;
      case 'swallow':
        return;
      case 'slow':
        return answer(response, this.adapted(await slowed(fault.factor, () => forward(origin, request))));
      case 'late': {
        const received = await forward(origin, request);
        await pause(fault.delayMs);
        return answer(response, this.adapted(received));
      }
      case 'cut-body':
        await forwardHalf(origin, request, fault.meanwhile);
        response.destroy();
    }
  }

  private adapted(received: ProxiedAnswer): ProxiedAnswer {
    return this.options.adapt?.(received) ?? received;
  }
}

function answer(response: ServerResponse, { status, headers, body }: ProxiedAnswer): void {
  response.writeHead(status, { ...headers, 'content-length': body.length }).end(body);
}

async function slowed<T>(factor: number, work: () => Promise<T>): Promise<T> {
  const startMs = performance.now();
  const result = await work();
  await pause((factor - 1) * (performance.now() - startMs));
  return result;
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Bytes are handed over as they are, so that answers can be rewritten: no encoding is asked for. */
function open(origin: string, { method, path, headers, body }: ProxiedRequest) {
  const { 'accept-encoding': _encoding, 'transfer-encoding': _transfer, expect: _expect, ...rest } = headers;
  return sendRequest(new URL(path, origin), {
    method,
    agent: false,
    headers: { ...rest, host: new URL(origin).host, 'content-length': body.length },
  });
}

function forward(origin: string, request: ProxiedRequest): Promise<ProxiedAnswer> {
  return new Promise((resolve, reject) => {
    const sent = open(origin, request);
    sent.on('error', reject);
    sent.on('response', (received) => {
      const {
        'transfer-encoding': _transfer,
        'content-length': _length,
        connection: _connection,
        ...headers
      } = received.headers;
      bytesOf(received).then(
        (body) => resolve({ status: received.statusCode ?? 502, headers, body }),
        reject,
      );
    });
    sent.end(request.body);
  });
}

async function forwardHalf(
  origin: string,
  request: ProxiedRequest,
  meanwhile: () => void | Promise<void>,
): Promise<void> {
  const sent = open(origin, request);
  sent.on('error', () => undefined);
  const half = request.body.subarray(0, Math.ceil(request.body.length / 2));
  await new Promise<void>((resolve) => sent.write(half, () => resolve()));
  await meanwhile();
  sent.destroy();
}
