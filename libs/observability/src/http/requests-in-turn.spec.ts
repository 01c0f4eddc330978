import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { RequestsInTurn } from './requests-in-turn.ts';

const REQUEST = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

/** A server that answers nothing before it is told to, and lets `maxInAll` requests wait. */
async function start(maxInAll: number) {
  const handled: ServerResponse[] = [];
  const ended: string[] = [];
  const inTurn = new RequestsInTurn(
    (_request, response) => handled.push(response),
    () => ended.push('ended'),
    maxInAll,
  );
  const server = createServer((request, response) => inTurn.take(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const send = async (requests: number): Promise<Socket> => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => socket.destroy()).resume();
    closing.push(() => socket.destroy());
    socket.write(REQUEST.repeat(requests));
    await Promise.race([once(server, 'request'), once(socket, 'close')]);
    return socket;
  };
  return { handled, ended, send };
}

describe('requests that wait', () => {
  it('are bounded on all connections together, but for the first of each', async () => {
    const { handled, ended, send } = await start(4);
    await send(5);
    await send(2);
    await once(await send(3), 'close');
    expect([handled.length, ended.length]).toEqual([3, 1]);
  });

  it('make room when their connection is closed', async () => {
    const { ended, send } = await start(4);
    const first = await send(5);
    first.destroy();
    await new Promise(setImmediate);
    await once(await send(7), 'close');
    const second = await send(5);
    expect([second.destroyed, ended.length]).toEqual([false, 1]);
  });

  it('come to their turn in order', async () => {
    const { handled, send } = await start(4);
    const socket = await send(3);
    let received = '';
    socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
    for (let turn = 0; turn < 3; turn += 1) {
      while (handled.length <= turn) await new Promise(setImmediate);
      expect(handled).toHaveLength(turn + 1);
      handled[turn]!.end(`answer ${turn}`);
    }
    while (!received.includes('answer 2')) await once(socket, 'data');
    expect(received.match(/answer \d/g)).toEqual(['answer 0', 'answer 1', 'answer 2']);
  });
});
