import { type IncomingMessage, get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';
import { text } from 'node:stream/consumers';
import { AuditError } from '../audit-error.ts';

const SILENCE_MS = 30_000;

/** Who asks; a delegation token, where there is one, says who that is. */
export interface HdfsReader {
  readonly user: string;
  /** Asked for each request, since it may be renewed; empty where there is none. */
  readonly delegationToken: () => string;
  /** PEM of the authority that signed the servers; absent: the system's. */
  readonly ca?: string | undefined;
}

export interface FileStatus {
  readonly pathSuffix: string;
  readonly type: 'FILE' | 'DIRECTORY';
  /** Bytes of a file. */
  readonly length: number;
}

/**
 * The reading part of WebHDFS. Through `node:http`: `fetch` takes the DataNode's `100 Continue` for a protocol error.
 * Asks each NameNode in turn, since one of them may be a standby.
 */
export class WebHdfsClient {
  constructor(
    private readonly urls: readonly string[],
    private readonly reader: HdfsReader,
  ) {}

  /** A folder that does not exist is empty. */
  async list(folder: string): Promise<readonly FileStatus[]> {
    const response = await this.get(folder, 'LISTSTATUS');
    if (response === undefined) return [];
    const { FileStatuses } = JSON.parse(await text(response)) as {
      FileStatuses: { FileStatus: FileStatus[] };
    };
    return FileStatuses.FileStatus;
  }

  /** The file's bytes as they come. @throws AuditError when it is gone. */
  async open(path: string): Promise<IncomingMessage> {
    const response = await this.get(path, 'OPEN');
    if (response === undefined) throw new AuditError('hdfs', `${path} was there and is gone`);
    return response;
  }

  /** @returns nothing when the path does not exist. */
  private async get(path: string, operation: string): Promise<IncomingMessage | undefined> {
    const { user, ca } = this.reader;
    const delegationToken = this.reader.delegationToken();
    const login = delegationToken === '' ? { 'user.name': user } : { delegation: delegationToken };
    const query = new URLSearchParams({ op: operation, ...login });
    const target = `/webhdfs/v1${encodeURI(path)}?${query.toString()}`;
    let failure: unknown;
    for (const url of this.urls) {
      try {
        const response = await follow(new URL(target, url), ca);
        if (response.statusCode === 200) return response;
        const body = await text(response);
        if (response.statusCode === 404) return undefined;
        failure = new Error(
          `${operation} ${path} was answered ${response.statusCode}: ${body.slice(0, 300)}`,
        );
      } catch (error) {
        failure = error;
      }
    }
    const reason = failure instanceof Error ? failure.message : String(failure);
    throw new AuditError('hdfs', `HDFS at ${this.urls.join()} (WEBHDFS_URL): ${reason}`, { cause: failure });
  }
}

/** The answer of the NameNode, or of the DataNode that it sends us to. */
async function follow(url: URL, ca: string | undefined): Promise<IncomingMessage> {
  const response = await request(url, ca);
  const { location } = response.headers;
  if (response.statusCode !== 307 || location === undefined) return response;
  response.resume();
  return request(new URL(location, url), ca);
}

function request(url: URL, ca: string | undefined): Promise<IncomingMessage> {
  const get = url.protocol === 'https:' ? httpsGet : httpGet;
  return new Promise((resolve, reject) => {
    const sent = get(url, { timeout: SILENCE_MS, ...(ca === undefined ? {} : { ca }) }, resolve);
    sent.on('timeout', () => sent.destroy(new Error(`no byte in ${SILENCE_MS} ms`)));
    sent.on('error', reject);
  });
}
