import { type EventEmitter } from 'node:events';
import { Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Readable } from 'node:stream';
import webhdfs, { type WebHdfsClient } from 'webhdfs';
import { connectionError, timeoutError } from './connection-error.ts';
import { ExcludedDataNodes } from './excluded-data-nodes.ts';
import { FileStoreError } from './file-store-error.ts';
import { type HdfsConnection, loginOf, WEBHDFS_PATH } from './hdfs-connection.ts';
import { NameNodes } from './name-nodes.ts';
import { remoteError } from './remote-exception.ts';

const CHUNK_BYTES = 1 << 20;
const NEW_FILE = { overwrite: false, permission: '644' };

interface Upload {
  readonly operation: 'CREATE' | 'APPEND';
  readonly path: string;
  readonly body: Buffer;
}

/**
 * Uploads through the `webhdfs` package, which follows the NameNode's redirect to a DataNode. The package takes 409,
 * 429, 502–504 and a second redirect for success, has no time-out and forgets the exception's class: each upload gets
 * a client of its own in which those three are replaced.
 */
export class WebHdfsUpload {
  private readonly nameNodes: NameNodes;
  private readonly excluded = new ExcludedDataNodes();

  constructor(private readonly connection: HdfsConnection) {
    this.nameNodes = new NameNodes(connection.urls);
  }

  /**
   * Creates a file. Resolves when the DataNode has acknowledged the body with a 2xx status.
   * @throws FileStoreError for everything else; the file may then hold a part of the body.
   */
  async create(path: string, body: Buffer): Promise<void> {
    await this.nameNodes.ask((url) => this.upload(new URL(url), { operation: 'CREATE', path, body }));
  }

  /** The same at the end of a file. */
  async append(path: string, body: Buffer): Promise<void> {
    await this.nameNodes.ask((url) => this.upload(new URL(url), { operation: 'APPEND', path, body }));
  }

  private async upload(url: URL, { operation, path, body }: Upload): Promise<void> {
    const { uploadTimeoutMs: timeout, ca } = this.connection;
    const login = await loginOf(this.connection);
    const agent = url.protocol === 'https:' ? new HttpsAgent({ ca }) : new HttpAgent();
    const phase: Phase = {};
    const client = this.client(url, { agent, timeout }, { operation, phase });
    const deadline = AbortSignal.timeout(timeout);
    try {
      const options = { ...login, ...NEW_FILE, ...this.excluded.parameter() };
      const sent = client.createWriteStream(path, operation === 'APPEND', options);
      const outcome = firstOutcome(sent, deadline);
      Readable.from(chunksOf(body), { objectMode: false }).pipe(sent);
      await outcome;
    } catch (error) {
      const failure = deadline.aborted
        ? timeoutError(operation, error)
        : uploadError(operation, error, phase);
      await this.excluded.judge(failure, phase.redirect?.headers.location);
      throw failure;
    } finally {
      // The package gives no way to abort its second request; without its sockets it ends.
      agent.destroy();
    }
  }

  private client(
    url: URL,
    options: { agent: HttpAgent; timeout: number },
    { operation, phase }: { readonly operation: string; readonly phase: Phase },
  ): WebHdfsClient {
    const { protocol, hostname, port } = url;
    const client = webhdfs.createClient(
      {
        protocol: protocol.slice(0, -1),
        host: hostname,
        port: port || (protocol === 'https:' ? '443' : '80'),
        path: WEBHDFS_PATH,
      },
      options,
    );
    client._isRedirect = (response) => {
      if (response.statusCode !== 307 || response.headers.location === undefined) return false;
      phase.redirect = response;
      return true;
    };
    client._isError = (response) => response !== phase.redirect && !(phase.redirect && isSuccess(response));
    client._parseError = (answer, _strict, status) => remoteError(operation, status, answer);
    return client;
  }
}

/** The NameNode redirects; only after that a DataNode takes the body, and only its 2xx is a success. */
interface Phase {
  redirect?: IncomingMessage;
}

function isSuccess({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300;
}

/** The package emits `finish` after `error`; what comes first counts, and later errors must not go unheard. */
function firstOutcome(sent: EventEmitter, deadline: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    sent.on('error', reject);
    sent.once('finish', () => resolve());
    deadline.addEventListener('abort', () => reject(deadline.reason as Error), { once: true });
  });
}

function* chunksOf(body: Buffer): Generator<Buffer> {
  for (let at = 0; at < body.length; at += CHUNK_BYTES) yield body.subarray(at, at + CHUNK_BYTES);
}

/** A DataNode that is not there is no reason to ask another NameNode. */
function uploadError(operation: string, error: unknown, { redirect }: Phase): FileStoreError {
  const failure = connectionError(operation, error);
  if (!redirect || failure.code !== 'unreachable') return failure;
  return new FileStoreError('unavailable', 'The DataNode is not reachable', { cause: error });
}
