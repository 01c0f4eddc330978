import { type ClientRequest, get, type IncomingMessage } from 'node:http';

/** Open dashboards, as far as the server can tell: connections to the live feed that read what they get. */
export class LiveClients {
  private constructor(private readonly requests: readonly ClientRequest[]) {}

  /** Resolves when each of them has had its first message. */
  static async open(webUiUrl: string, count: number): Promise<LiveClients> {
    const opened = Array.from({ length: count }, () => openOne(`${webUiUrl}/v1/live`));
    return new LiveClients(await Promise.all(opened));
  }

  /** How many the server has not dropped. */
  get stillOpen(): number {
    return this.requests.filter(({ destroyed, closed }) => !destroyed && !closed).length;
  }

  close(): void {
    for (const request of this.requests) request.destroy();
  }
}

function openOne(url: string): Promise<ClientRequest> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false }, (response: IncomingMessage) => {
      if (response.statusCode !== 200) return reject(new Error(`${url} answered ${response.statusCode}`));
      response.once('data', () => resolve(request));
      // The server or `close` ends it.
      response.on('error', () => undefined);
      response.resume();
    });
    request.on('error', reject);
  });
}
