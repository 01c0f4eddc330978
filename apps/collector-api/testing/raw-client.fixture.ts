import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A client that writes bytes as they are given and keeps all it is answered. */
export class RawClient {
  received = '';

  private constructor(readonly socket: Socket) {
    socket.setEncoding('utf8').on('data', (text: string) => (this.received += text));
    socket.on('error', () => socket.destroy());
  }

  static async open(port: number): Promise<RawClient> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  head(...headers: string[]): void {
    const lines = ['POST /v1/events HTTP/1.1', 'Host: x', 'Content-Type: application/json', ...headers];
    this.socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  }

  async answer(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.received)) await once(this.socket, 'data');
    return this.received;
  }
}
