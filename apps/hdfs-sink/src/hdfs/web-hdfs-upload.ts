import { type EventEmitter } from 'node:events';
import { Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Readable } from 'node:stream';
import webhdfs, { type WebHdfsClient } from 'webhdfs';
import { ExcludedDataNodes } from './excluded-data-nodes.ts';
import { connectionError, FileStoreError, timeoutError } from './file-store-error.ts';
import { type HdfsConnection, loginOf, WEBHDFS_PATH } from './hdfs-connection.ts';
import { NameNodes } from './name-nodes.ts';
import { chunksOf, PieceFlow } from './piece-flow.ts';
import { remoteError } from './remote-exception.ts';

const NEW_FILE = { overwrite: false, permission: '644' };

interface Upload {
  readonly operation: 'CREATE' | 'APPEND';
  readonly path: string;
  /** Of each attempt, from its beginning. */
  readonly chunks: () => Iterable<Buffer> | AsyncIterable<Buffer>;
  /** Aborted when the upload is to be given up. */
  readonly deadline: AbortSignal;
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
    await this.send('CREATE', path, body);
  }

  /** The same at the end of a file. */
  async append(path: string, body: Buffer): Promise<void> {
    await this.send('APPEND', path, body);
  }

  /** One upload at the end of a file, of pieces that follow one another. */
  appendPieces(path: string): PieceFlow {
    return new PieceFlow(this.connection.uploadTimeoutMs, (body) =>
      this.nameNodes.ask((url) => this.upload(url, { operation: 'APPEND', path, ...body })),
    );
  }

  private async send(operation: 'CREATE' | 'APPEND', path: string, body: Buffer): Promise<void> {
    await this.nameNodes.ask((url) => {
      const deadline = AbortSignal.timeout(this.connection.uploadTimeoutMs);
      return this.upload(url, { operation, path, chunks: () => chunksOf(body), deadline });
    });
  }

  private async upload(nameNode: string, { operation, path, chunks, deadline }: Upload): Promise<void> {
    const { uploadTimeoutMs: timeout, ca } = this.connection;
    const login = await loginOf(this.connection);
    const url = new URL(nameNode);
    const agent = url.protocol === 'https:' ? new HttpsAgent({ ca }) : new HttpAgent();
    const phase: Phase = {};
    const client = this.client(url, { agent, timeout }, { operation, phase });
    const source = Readable.from(chunks(), { objectMode: false });
    try {
      const options = { ...login, ...NEW_FILE, ...this.excluded.parameter() };
      const sent = client.createWriteStream(path, operation === 'APPEND', options);
      const outcome = firstOutcome(sent, source, deadline);
      source.pipe(sent);
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
      source.destroy();
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
function firstOutcome(sent: EventEmitter, source: EventEmitter, deadline: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const expired = () => reject(deadline.reason as Error);
    sent.on('error', reject);
    source.on('error', reject);
    sent.once('finish', () => resolve());
    if (deadline.aborted) expired();
    else deadline.addEventListener('abort', expired, { once: true });
  });
}

/** A DataNode that is not there is no reason to ask another NameNode. */
function uploadError(operation: string, error: unknown, { redirect }: Phase): FileStoreError {
  const failure = connectionError(operation, error);
  if (!redirect || failure.code !== 'unreachable') return failure;
  return new FileStoreError('unavailable', 'The DataNode is not reachable', { cause: error });
}
