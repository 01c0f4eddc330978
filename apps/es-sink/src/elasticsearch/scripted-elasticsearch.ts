import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';

/** What the next request of a kind meets instead of an answer. */
export type HttpFault =
  | { readonly kind: 'status'; readonly status: number; readonly body?: string; readonly type?: string }
  /** The connection breaks before the request is looked at. */
  | { readonly kind: 'reset' }
  /** No answer, ever. */
  | { readonly kind: 'hang' }
  /** The request is carried out, then the connection breaks. */
  | { readonly kind: 'lose-reply' }
  /** The request is carried out, then the connection breaks in the middle of the answer. */
  | { readonly kind: 'cut-reply' }
  /** The request is carried out, the answer stops in the middle for ever. */
  | { readonly kind: 'stall-reply' };

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const JSON_TYPE = 'application/vnd.elasticsearch+json;compatible-with=9';

/**
 * Speaks the few Elasticsearch calls of this app over HTTP, so that the real client can be tried without a server:
 * templates, `_bulk` with create-once semantics, searches with prepared answers, faults on demand.
 */
export class ScriptedElasticsearch {
  readonly requests: SeenRequest[] = [];
  /** Source lines by `index/id`. */
  readonly documents = new Map<string, string>();
  readonly templates = new Map<string, Record<string, unknown>>();
  /** Used up one per `_bulk` or `_search`, first first. */
  readonly faults: HttpFault[] = [];
  /** The prepared answer of `_search`, or one per index pattern. */
  searchAnswer: unknown = {};
  readonly searchAnswers = new Map<string, unknown>();
  /** Outcome of a document that is not stored; `undefined` stores it. */
  refuse: (id: string) => { status: number; error: { type: string; reason: string } } | undefined = () =>
    undefined;
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => void this.receive(request, response));
  }

  /** @returns its address. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gzipped = request.headers['content-encoding'] === 'gzip';
    const body = await text(gzipped ? request.pipe(createGunzip()) : request);
    const seen = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
    this.requests.push(seen);
    const fault = /_bulk|_search/.test(seen.path) ? this.faults.shift() : undefined;
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'reset') return void request.socket.destroy();
    if (fault?.kind === 'status') return send(response, fault.status, fault.body ?? '{}', fault.type);
    const answer = this.answer(seen);
    if (fault?.kind === 'lose-reply') return void request.socket.destroy();
    if (fault?.kind === 'cut-reply')
      return half(response, JSON.stringify(answer.body), () => request.socket.destroy());
    if (fault?.kind === 'stall-reply') return half(response, JSON.stringify(answer.body));
    send(response, answer.status, JSON.stringify(answer.body));
  }

  private answer({ method, path, body }: SeenRequest): Answer {
    const { pathname } = new URL(path, 'http://local');
    if (pathname.startsWith('/_index_template/')) return this.template(method, pathname.slice(17), body);
    if (pathname === '/_bulk') return { status: 200, body: this.bulk(body) };
    if (pathname.endsWith('/_search')) return this.search(pathname);
    return { status: 404, body: { error: { type: 'not_scripted', reason: pathname }, status: 404 } };
  }

  private search(pathname: string): Answer {
    const index = decodeURIComponent(pathname.split('/')[1] ?? '');
    return { status: 200, body: this.searchAnswers.get(index) ?? this.searchAnswer };
  }

  private template(method: string, name: string, body: string): Answer {
    if (method === 'PUT') {
      this.templates.set(name, JSON.parse(body) as Record<string, unknown>);
      return { status: 200, body: { acknowledged: true } };
    }
    const index_template = this.templates.get(name);
    if (index_template === undefined)
      return { status: 404, body: { error: { type: 'x', reason: 'none' }, status: 404 } };
    return { status: 200, body: { index_templates: [{ name, index_template }] } };
  }

  private bulk(body: string): unknown {
    const lines = body.split('\n');
    const items = [];
    for (let at = 0; at + 1 < lines.length; at += 2) {
      const { create } = JSON.parse(lines[at]!) as { create: { _index: string; _id: string } };
      items.push({ create: this.create(`${create._index}/${create._id}`, create._id, lines[at + 1]!) });
    }
    return { errors: items.some(({ create }) => 'error' in create), items };
  }

  private create(key: string, id: string, source: string) {
    const refused = this.refuse(id);
    if (refused) return refused;
    if (this.documents.has(key)) {
      return {
        status: 409,
        error: { type: 'version_conflict_engine_exception', reason: 'document already exists' },
      };
    }
    this.documents.set(key, source);
    return { status: 201 };
  }
}

function send(response: ServerResponse, status: number, body: string, type = JSON_TYPE): void {
  response.writeHead(status, { 'content-type': type, 'x-elastic-product': 'Elasticsearch' }).end(body);
}

function half(response: ServerResponse, body: string, then: () => void = () => undefined): void {
  response.writeHead(200, {
    'content-type': JSON_TYPE,
    'x-elastic-product': 'Elasticsearch',
    'content-length': body.length,
  });
  response.write(body.slice(0, body.length / 2), then);
}
