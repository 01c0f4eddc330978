import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';

export interface HttpAnswer {
  readonly status?: number;
  readonly body: string | Buffer;
}

/** What a request asked: method, path with query, body. */
export type HttpRoute = (request: { method: string; path: string; body: string }) => HttpAnswer | undefined;

/** An HTTP server on loopback that answers as a function says; undefined is 404. */
export class MemoryHttpServer {
  private readonly server: Server;

  constructor(route: HttpRoute) {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const asked = {
          method: request.method ?? '',
          path: request.url ?? '',
          body: Buffer.concat(chunks).toString(),
        };
        const { status = 200, body } = route(asked) ?? { status: 404, body: 'not there' };
        response.writeHead(status).end(body);
      });
    });
  }

  /** @returns its URL. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
