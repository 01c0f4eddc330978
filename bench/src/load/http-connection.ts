import { connect, type Socket } from 'node:net';

const HEAD_END = '\r\n\r\n';
const CHUNKED = /transfer-encoding: chunked/i;
const LAST_CHUNK = '\r\n0\r\n\r\n';
const STATUS_AT = 9;

/** A kept connection with one request under way at a time; reads no more of an answer than its status and its end. */
export class HttpConnection {
  private readonly socket: Socket;
  private received = '';
  private answered: ((status: number) => void) | undefined;

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.socket.setEncoding('latin1');
    this.socket.on('data', (text: string) => this.read(text));
    this.socket.on('error', () => this.settle(0));
    this.socket.on('close', () => this.settle(0));
  }

  /** Resolves with the status; 0 when the connection broke. */
  send(request: Buffer): Promise<number> {
    return new Promise((resolve) => {
      this.answered = resolve;
      if (this.socket.destroyed) this.settle(0);
      else this.socket.write(request);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private read(text: string): void {
    this.received += text;
    const head = this.received.indexOf(HEAD_END);
    if (head < 0) return;
    if (!this.hasBody(this.received.slice(0, head), head + HEAD_END.length)) return;
    const status = Number(this.received.slice(STATUS_AT, STATUS_AT + 3));
    this.received = '';
    this.settle(status);
  }

  /** Whether all of the answer's body has come. What stays behind would be taken for the next answer. */
  private hasBody(head: string, bodyAt: number): boolean {
    if (CHUNKED.test(head)) return this.received.endsWith(LAST_CHUNK);
    const length = /content-length: (\d+)/i.exec(head)?.[1] ?? '0';
    return this.received.length >= bodyAt + Number(length);
  }

  private settle(status: number): void {
    const { answered } = this;
    this.answered = undefined;
    answered?.(status);
  }
}
