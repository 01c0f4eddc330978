import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo } from 'node:net';
import { FakeNamespace } from './fake-namespace.ts';
import { LOOPBACK_TLS } from './loopback-tls.ts';

/** What a scripted request meets instead of the real thing. */
export type WebHdfsFault =
  /** Answered so, not applied. */
  | { readonly status: number; readonly javaClassName?: string }
  /** The connection is reset: before the operation, or after it was applied. */
  | 'reset'
  | 'reply-lost'
  /** Never answered, not applied; `trickle` sends interim answers all the time. */
  | 'hang'
  | 'trickle'
  /** An upload keeps its first half, and the answer is a success. */
  | 'truncate';

export interface WebHdfsCall {
  /** REST operation; what the DataNode is asked is `UPLOAD` or `READ`. */
  readonly operation: string;
  readonly path: string;
}

const INVALID_TOKEN = 'org.apache.hadoop.security.token.SecretManager$InvalidToken';

/**
 * A NameNode and its DataNode in one HTTP server: speaks the part of WebHDFS that the adapter uses, with the status
 * codes, exceptions and empty bodies of HDFS 3.5, and misbehaves as scripted.
 */
export class FakeWebHdfs {
  readonly namespace = new FakeNamespace();
  readonly calls: WebHdfsCall[] = [];
  /** The DataNodes that each upload asked not to be sent to. */
  readonly excluded: (string | null)[] = [];
  /** Set on a standby NameNode: it refuses everything. */
  standby = false;
  /** Set in a cluster with Kerberos: the only delegation token that is let in, and no user without one. */
  delegationToken: string | undefined;
  private readonly faults: { operation: string; fault: WebHdfsFault }[] = [];
  private readonly lasting = new Map<string, WebHdfsFault>();
  private readonly server: Server;

  private constructor(private readonly protocol: 'http' | 'https') {
    const serve = (request: IncomingMessage, response: ServerResponse) => {
      // A client may hang up in the middle.
      this.serve(request, response).catch(() => response.destroy());
    };
    this.server = protocol === 'https' ? createTlsServer(LOOPBACK_TLS, serve) : createServer(serve);
  }

  /** With `https` it shows the certificate of `LOOPBACK_TLS`. */
  static async start(protocol: 'http' | 'https' = 'http'): Promise<FakeWebHdfs> {
    const fake = new FakeWebHdfs(protocol);
    await new Promise<void>((resolve) => fake.server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get url(): string {
    return `${this.protocol}://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The next request for `operation` meets `fault`; several calls add up. */
  failNext(operation: string, fault: WebHdfsFault): void {
    this.faults.push({ operation, fault });
  }

  /** Every request for `operation` meets `fault`, until `heal`. */
  failAlways(operation: string, fault: WebHdfsFault): void {
    this.lasting.set(operation, fault);
  }

  heal(): void {
    this.lasting.clear();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', this.url);
    const path = decodeURIComponent(url.pathname).replace('/webhdfs/v1', '');
    const operation = operationOf(request, url);
    this.calls.push({ operation, path });
    if (isUpload(operation)) this.excluded.push(url.searchParams.get('excludedatanodes'));
    const fault = this.takeFault(operation);
    if (fault === 'hang') return;
    if (fault === 'trickle') return trickle(response);
    if (fault === 'reset') return void request.socket.destroy();
    const body = await readAll(request);
    if (typeof fault === 'object') return answerException(response, fault.status, fault.javaClassName);
    if (this.refuses(url.searchParams)) return answerException(response, 403, INVALID_TOKEN);
    if (this.standby) return answerException(response, 403, 'org.apache.hadoop.ipc.StandbyException');
    if (fault === 'reply-lost' && isUpload(operation)) return void request.socket.destroy();
    if (isUpload(operation)) return this.redirect(response, url);
    const kept = fault === 'truncate' ? body.subarray(0, body.length / 2) : body;
    const asked = operation === 'OPEN' ? 'GETFILESTATUS' : operation;
    const {
      status,
      json,
      body: content,
      javaClassName,
    } = this.namespace.apply(asked, path, url.searchParams, kept);
    if (fault === 'reply-lost') return void request.socket.destroy();
    if (javaClassName !== undefined) return answerException(response, status, javaClassName);
    if (operation === 'OPEN') return answerLocation(response, url);
    if (content) return void response.writeHead(status).end(content);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(json === undefined ? '' : JSON.stringify(json));
  }

  /** As HDFS does: with a token nobody asks for the user, without Kerberos nobody asks for a token. */
  private refuses(parameters: URLSearchParams): boolean {
    const { delegationToken } = this;
    return delegationToken !== undefined && parameters.get('delegation') !== delegationToken;
  }

  private redirect(response: ServerResponse, url: URL): void {
    url.searchParams.set('datanode', 'true');
    response.writeHead(307, { location: url.href, 'content-length': 0 }).end();
  }

  private takeFault(operation: string): WebHdfsFault | undefined {
    const index = this.faults.findIndex((entry) => entry.operation === operation);
    return index < 0 ? this.lasting.get(operation) : this.faults.splice(index, 1)[0]?.fault;
  }
}

function operationOf({ method }: IncomingMessage, { searchParams }: URL): string {
  if (searchParams.has('datanode')) return method === 'GET' ? 'READ' : 'UPLOAD';
  return (searchParams.get('op') ?? '').toUpperCase();
}

/** As with `noredirect`: names the DataNode instead of sending there. */
function answerLocation(response: ServerResponse, url: URL): void {
  url.searchParams.set('datanode', 'true');
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ Location: url.href }));
}

/** Answered with a redirect to the DataNode. */
function isUpload(operation: string): boolean {
  return operation === 'CREATE' || operation === 'APPEND';
}

function trickle(response: ServerResponse): void {
  const timer = setInterval(() => response.writeProcessing(), 20);
  response.on('close', () => clearInterval(timer));
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function answerException(response: ServerResponse, status: number, javaClassName: string | undefined): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  if (javaClassName === undefined) return void response.end('');
  const exception = javaClassName.split('.').at(-1);
  response.end(
    JSON.stringify({ RemoteException: { exception, javaClassName, message: `${exception} of the fake` } }),
  );
}
