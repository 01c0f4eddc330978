import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { FakeIndices, type ItemRefusal } from './fake-indices.ts';

export type FakeOperation = 'bulk' | 'look-up' | 'search';

/** What a request meets instead of a plain answer. */
export interface HttpFault {
  /** How much of a bulk request takes effect all the same; nothing where absent. */
  readonly applied?: 'half' | 'all';
  readonly answer:
    | { readonly status: number; readonly body?: string; readonly type?: string }
    /** The connection breaks instead of an answer. */
    | 'reset'
    /** No answer, ever. */
    | 'hang'
    /** The connection breaks in the middle of the answer. */
    | 'cut'
    /** The answer stops in the middle for ever. */
    | 'stall';
}

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
 * Speaks the few Elasticsearch calls that the product uses over HTTP, so that the real client can be tried without a
 * server: templates and their effect, aliases with their index, `_bulk` with create-once semantics, `_mget`, searches with prepared answers, faults on
 * demand.
 */
export class FakeElasticsearch {
  readonly requests: SeenRequest[] = [];
  readonly indices = new FakeIndices();
  readonly templates = new Map<string, Record<string, unknown>>();
  /** By alias, the index behind it. */
  readonly aliases = new Map<string, string>();
  private readonly filters = new Map<string, unknown>();
  /** The prepared answer of `_search`, or one per index pattern. */
  searchAnswer: unknown = {};
  readonly searchAnswers = new Map<string, unknown>();
  private readonly faults: { operation: FakeOperation; fault: HttpFault }[] = [];
  private readonly lasting = new Map<FakeOperation, HttpFault>();
  private readonly server: Server = createServer((request, response) => {
    // A client may hang up in the middle.
    this.receive(request, response).catch(() => response.destroy());
  });

  static async start(): Promise<FakeElasticsearch> {
    const fake = new FakeElasticsearch();
    await new Promise<void>((resolve) => fake.server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Source lines by `index/id`. */
  get documents(): ReadonlyMap<string, string> {
    return this.indices.documents;
  }

  /** The next request for `operation` meets `fault`; several calls add up. */
  failNext(operation: FakeOperation, fault: HttpFault): void {
    this.faults.push({ operation, fault });
  }

  /** Every request for `operation` meets `fault`, until `heal`. */
  failAlways(operation: FakeOperation, fault: HttpFault): void {
    this.lasting.set(operation, fault);
  }

  /** Decides about each document before it is looked for; nothing stores it. Lasts until `heal`. */
  refuse(refusal: (id: string) => ItemRefusal | undefined): void {
    this.indices.refuse = refusal;
  }

  heal(): void {
    this.faults.splice(0);
    this.lasting.clear();
    this.refuse(() => undefined);
  }

  /** Safe to repeat. */
  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gzipped = request.headers['content-encoding'] === 'gzip';
    const body = await text(gzipped ? request.pipe(createGunzip()) : request);
    const seen = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
    this.requests.push(seen);
    const fault = this.takeFault(seen.path);
    if (fault === undefined) {
      const answer = this.answer(seen);
      return send(response, { status: answer.status, body: JSON.stringify(answer.body) });
    }
    const answered = this.applied(fault, seen);
    if (typeof fault.answer === 'object') return send(response, fault.answer);
    switch (fault.answer) {
      case 'reset':
        return void request.socket.destroy();
      case 'hang':
        return;
      case 'cut':
        return half(response, answered, () => request.socket.destroy());
      case 'stall':
        half(response, answered);
    }
  }

  private takeFault(path: string): HttpFault | undefined {
    const operation = operationOf(path);
    if (operation === undefined) return undefined;
    const index = this.faults.findIndex((entry) => entry.operation === operation);
    return index < 0 ? this.lasting.get(operation) : this.faults.splice(index, 1)[0]?.fault;
  }

  /** @returns the beginning of what would have been the answer. */
  private applied({ applied }: HttpFault, seen: SeenRequest): string {
    if (applied === 'half') this.indices.bulk(firstHalf(seen.body));
    return applied === 'all' ? JSON.stringify(this.answer(seen).body) : '{"errors":false,"items":[';
  }

  private answer({ method, path, body }: SeenRequest): Answer {
    const { pathname } = new URL(path, this.url);
    if (pathname.startsWith('/_index_template/_simulate_index/')) return this.simulated(pathname);
    if (pathname.startsWith('/_index_template/')) return this.template(method, pathname.slice(17), body);
    if (pathname === '/_bulk') return { status: 200, body: this.indices.bulk(body) };
    if (pathname === '/_mget') return { status: 200, body: this.indices.multiGet(body) };
    if (pathname.endsWith('/_search')) return this.search(pathname);
    if (pathname.split('/').length === 2) return this.index(method, pathname.slice(1), body);
    return { status: 404, body: { error: { type: 'not_scripted', reason: pathname }, status: 404 } };
  }

  /** An index is there only behind an alias, made by the template whose pattern it fits. */
  private index(method: string, name: string, body: string): Answer {
    if (method === 'PUT') {
      const { aliases } = JSON.parse(body) as { readonly aliases: Record<string, { filter: unknown }> };
      for (const [alias, { filter }] of Object.entries(aliases)) {
        this.aliases.set(alias, name);
        this.filters.set(alias, filter);
      }
      return { status: 200, body: { acknowledged: true } };
    }
    const index = this.aliases.get(name);
    if (index === undefined)
      return {
        status: 404,
        body: { error: { type: 'index_not_found_exception', reason: name }, status: 404 },
      };
    const { mappings = {} } = (this.templates.get(`pipeline-${name}`)?.['template'] ?? {}) as Record<
      string,
      unknown
    >;
    const settings = { 'index.mapping.total_fields.ignore_dynamic_beyond_limit': 'true' };
    const aliases = { [name]: { filter: this.filters.get(name) } };
    return { status: 200, body: { [index]: { aliases, mappings, settings } } };
  }

  private search(pathname: string): Answer {
    const index = decodeURIComponent(pathname.split('/')[1] ?? '');
    return { status: 200, body: this.searchAnswers.get(index) ?? this.searchAnswer };
  }

  /** As if no index existed and no other template matched. */
  private simulated(pathname: string): Answer {
    const index = pathname.split('/')[3] ?? '';
    const name = [...this.templates.keys()].find((key) => `pipeline-${index}`.startsWith(`${key}-`)) ?? '';
    const { mappings, settings } = (this.templates.get(name)?.['template'] ?? {}) as Record<string, unknown>;
    // The server gives settings back as texts, below `index`.
    const texts: unknown = JSON.parse(
      JSON.stringify(settings ?? {}),
      (_, value: object | number | boolean) => (typeof value === 'object' ? value : String(value)),
    );
    return { status: 200, body: { template: { mappings, settings: { index: texts } }, overlapping: [] } };
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
}

function operationOf(path: string): FakeOperation | undefined {
  if (path.includes('_bulk')) return 'bulk';
  if (path.includes('_mget')) return 'look-up';
  return path.includes('_search') ? 'search' : undefined;
}

/** Action and source line of the first half of the documents, at least one. */
function firstHalf(body: string): string {
  const lines = body.split('\n');
  return `${lines.slice(0, 2 * Math.ceil((lines.length - 1) / 4)).join('\n')}\n`;
}

function send(
  response: ServerResponse,
  answer: { readonly status: number; readonly body?: string; readonly type?: string },
): void {
  const { status, body = '{}', type = JSON_TYPE } = answer;
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
