/** What we use of the `webhdfs` package (1.2.0), which has no types; members with `_` are replaced by the adapter. */
declare module 'webhdfs' {
  import { type EventEmitter } from 'node:events';
  import { type Agent, type IncomingMessage } from 'node:http';

  export interface WebHdfsClient {
    createWriteStream(
      path: string,
      append: boolean,
      options: Record<string, string | boolean>,
    ): EventEmitter & NodeJS.WritableStream;
    _isError(response: IncomingMessage): boolean;
    _isRedirect(response: IncomingMessage): boolean;
    _parseError(body: unknown, strict: boolean, status: number): Error;
  }

  interface WebHdfsPackage {
    createClient(
      options: { host: string; port: string; path: string; protocol: string },
      requestOptions: { agent: Agent; timeout: number },
    ): WebHdfsClient;
  }

  const webhdfs: WebHdfsPackage;
  export { webhdfs as default };
}
