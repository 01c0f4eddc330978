import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpConnection } from './http-connection.ts';

const REQUEST = Buffer.from('POST / HTTP/1.1\r\n\r\n');
/** Of the event loop; far more than loopback needs. */
const TURNS = 200;

let server: Server;
let connection: HttpConnection;
let socket: Socket;
let statuses: number[];

beforeEach(async () => {
  server = createServer({ noDelay: true });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const connected = once(server, 'connection');
  connection = new HttpConnection((server.address() as AddressInfo).port);
  [socket] = (await connected) as [Socket];
  statuses = [];
});
afterEach(() => {
  connection.close();
  server.close();
});

/** Asks, and lets the server write these parts; after each of them it is looked whether the answer is taken as whole. */
async function answered(...parts: string[]): Promise<number[]> {
  const asked = once(socket, 'data');
  void connection.send(REQUEST).then((status) => statuses.push(status));
  await asked;
  const counts: number[] = [];
  for (const part of parts) {
    socket.write(part);
    for (let n = 0; n < TURNS; n++) await turn();
    counts.push(statuses.length);
  }
  return counts;
}

describe('HttpConnection', () => {
  it('reads an answer to its end, whatever way its length is told', async () => {
    expect(await answered('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', '0\r\n\r\n')).toEqual([
      0, 1,
    ]);
    expect(await answered('HTTP/1.1 202 Accepted\r\nContent-Length: 4\r\n\r\nab', 'cd')).toEqual([1, 2]);
    expect(await answered('HTTP/1.1 204 No Content\r\n\r\n')).toEqual([3]);
    expect(statuses).toEqual([200, 202, 204]);
  });
});
