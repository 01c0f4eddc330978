import { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { type Socket } from 'node:net';

/** Requests that may wait on one connection; browsers send none before they have the answer to the last. */
export const MAX_WAITING_REQUESTS = 64;

/** Requests that may wait on all connections together, beyond the first of each. */
const MAX_WAITING_IN_ALL = 1_024;

/**
 * Handles the requests of a connection one after another. Node emits every request of one read at once, more than a
 * thousand of them in 64 KiB; each would hold its answer, its file or its live place until the answers before it are
 * sent. Here it waits unhandled until its answer is the one that the connection sends, and a connection with too many
 * waiting requests is ended.
 */
export class RequestsInTurn {
  private readonly waiting = new WeakMap<Socket, { requests: number }>();
  private total = 0;

  constructor(
    private readonly handle: RequestListener,
    private readonly onEnd: () => void,
    private readonly maxInAll = MAX_WAITING_IN_ALL,
  ) {}

  take(request: IncomingMessage, response: ServerResponse): void {
    // Node gives a response its socket when no other is before it.
    if (response.socket !== null) this.handle(request, response);
    else if (!request.socket.destroyed) this.wait(request, response);
  }

  private wait(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const queue = this.queueOf(socket);
    const isFull = queue.requests >= MAX_WAITING_REQUESTS || this.total >= this.maxInAll;
    // The first is let in always: an honest client may be read before the end of its last answer is noticed.
    if (queue.requests > 0 && isFull) {
      this.onEnd();
      socket.destroy();
      return;
    }
    queue.requests += 1;
    this.total += 1;
    response.once('socket', () => {
      queue.requests -= 1;
      this.total -= 1;
      // Node emits this before it flushes the response: what is written now would overtake its own headers.
      process.nextTick(() => this.handle(request, response));
    });
  }

  private queueOf(socket: Socket): { requests: number } {
    const known = this.waiting.get(socket);
    if (known !== undefined) return known;
    const queue = { requests: 0 };
    this.waiting.set(socket, queue);
    socket.once('close', () => {
      this.total -= queue.requests;
      queue.requests = 0;
    });
    return queue;
  }
}
