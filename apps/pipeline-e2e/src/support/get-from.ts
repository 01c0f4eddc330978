import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly durationMs: number;
}

/** Asks as the client of an address of the loopback network; servers count clients by their address. */
export async function getFrom(localAddress: string, url: string): Promise<Answer> {
  const startedAt = performance.now();
  const [response] = (await once(get(url, { localAddress, family: 4 }), 'response')) as [IncomingMessage];
  const body = await text(response);
  return { status: response.statusCode ?? 0, body, durationMs: performance.now() - startedAt };
}
