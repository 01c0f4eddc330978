import { type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connectionError, FileStoreError, timeoutError } from './file-store-error.ts';
import { type HdfsConnection } from './hdfs-connection.ts';
import { remoteError } from './remote-exception.ts';
import { type WebHdfsRequest } from './web-hdfs-request.ts';

/** Reads files: the NameNode names a DataNode, which sends the content. */
export class WebHdfsDownload {
  constructor(
    private readonly connection: HdfsConnection,
    private readonly rest: WebHdfsRequest,
  ) {}

  /** @throws FileStoreError also in the middle, when the DataNode breaks off or falls silent. */
  async *read(path: string): AsyncIterable<Buffer> {
    const answer = await this.rest.send('GET', 'OPEN', path, { noredirect: 'true' });
    const { Location: location } = (answer ?? {}) as { Location?: string };
    if (location === undefined) throw new FileStoreError('unexpected', 'OPEN named no DataNode');
    try {
      const response = await this.get(new URL(location));
      if (response.statusCode !== 200) {
        response.resume();
        throw remoteError('OPEN', response.statusCode ?? 0, undefined);
      }
      yield* response as AsyncIterable<Buffer>;
    } catch (error) {
      throw connectionError('OPEN', error);
    }
  }

  private get(url: URL): Promise<IncomingMessage> {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const { uploadTimeoutMs: timeout, ca } = this.connection;
      const sent = send(url, { timeout, ca }, resolve);
      sent.on('timeout', () => sent.destroy(timeoutError('OPEN', undefined)));
      sent.on('error', reject);
      sent.end();
    });
  }
}
