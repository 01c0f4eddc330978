import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { connectionError, timeoutError } from './file-store-error.ts';
import { type HdfsConnection, loginOf, WEBHDFS_PATH } from './hdfs-connection.ts';
import { NameNodes } from './name-nodes.ts';
import { remoteError } from './remote-exception.ts';

export type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

/** Idle connections are given up before the NameNode does it (after 10–60 s). */
const AGENT = { keepAlive: true, maxSockets: 64, timeout: 5_000 };
const MAX_ANSWER_BYTES = 64 << 20;

/**
 * Calls of the WebHDFS REST API that the NameNode answers itself. They go through `node:http`: the npm package has
 * neither rename options nor extended attributes, and forgets the exception's class.
 */
export class WebHdfsRequest {
  private readonly agents: { readonly 'http:': HttpAgent; readonly 'https:': HttpsAgent };
  private readonly nameNodes: NameNodes;

  constructor(private readonly connection: HdfsConnection) {
    const { ca } = connection;
    this.agents = { 'http:': new HttpAgent(AGENT), 'https:': new HttpsAgent({ ...AGENT, ca }) };
    this.nameNodes = new NameNodes(connection.urls);
  }

  /**
   * The parsed body of a 2xx answer, `undefined` when it is empty.
   * @throws FileStoreError for everything else.
   */
  async send(
    method: Method,
    operation: string,
    path: string,
    parameters: Record<string, string> = {},
  ): Promise<unknown> {
    const login = await loginOf(this.connection);
    const query = new URLSearchParams({ op: operation, ...login, ...parameters });
    const target = `${WEBHDFS_PATH}${encodeURI(path)}?${query.toString()}`;
    return this.nameNodes.ask((url) => this.exchange(method, operation, new URL(target, url)));
  }

  close(): void {
    for (const agent of Object.values(this.agents)) agent.destroy();
  }

  private async exchange(method: Method, operation: string, url: URL): Promise<unknown> {
    for (let attempt = 1; ; attempt += 1) {
      const signal = AbortSignal.timeout(this.connection.requestTimeoutMs);
      try {
        const { status, text } = await this.roundTrip(method, url, signal);
        if (status < 200 || status > 299) throw remoteError(operation, status, text);
        return text === '' ? undefined : (JSON.parse(text) as unknown);
      } catch (error) {
        const stale = error instanceof StaleConnection;
        // A kept connection that the server had closed: reading again is always safe.
        if (method === 'GET' && attempt === 1 && stale) continue;
        if (signal.aborted) throw timeoutError(operation, error);
        throw connectionError(operation, stale ? error.cause : error);
      }
    }
  }

  private roundTrip(
    method: Method,
    url: URL,
    signal: AbortSignal,
  ): Promise<{ status: number; text: string }> {
    const { protocol } = url;
    const agent = protocol === 'https:' ? this.agents['https:'] : this.agents['http:'];
    return new Promise((resolve, reject) => {
      const send = protocol === 'https:' ? httpsRequest : httpRequest;
      const sent = send(url, { method, agent, signal }, (response) => {
        readText(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), reject);
      });
      sent.on('error', (error) =>
        reject(sent.reusedSocket && isReset(error) ? new StaleConnection(error) : error),
      );
      sent.end();
    });
  }
}

class StaleConnection extends Error {
  override readonly name = 'StaleConnection';

  constructor(override readonly cause: Error) {
    super('The server had closed the connection');
  }
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) throw new Error('The answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function isReset(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ECONNRESET' || code === 'EPIPE';
}
