import { type Socket } from 'node:net';
import { type KafkajsConnection, privateModule } from './kafkajs.ts';

const SIZE_BYTES = 4;
const CORRELATION_ID_BYTES = 4;

/** Memory that one answer has for itself. */
const answerMemory = new WeakSet<ArrayBufferLike>();

/**
 * Each chunk is copied at once to its place in the answer that it belongs to, so chunks may come in memory that is used
 * again ({@link createSocket}). kafkajs 2.2.4 keeps all chunks of an answer and copies them together at the end: twice
 * the memory of each fetch, most of it for the collector to find. It also takes what is left of an answer, when a
 * connection breaks off, for the beginning of the first one on the next.
 */
export function receiveInPlace(): void {
  const { prototype } = privateModule('src/network/connection');
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below
  const processLogin = prototype.processData;
  const receivers = new WeakMap<Socket, AnswerReceiver>();
  prototype.processData = function (this: KafkajsConnection, chunk: Buffer) {
    if (this.authHandlers) {
      processLogin.call(this, Buffer.from(chunk));
      return;
    }
    const receiver = receivers.get(this.socket) ?? new AnswerReceiver();
    receivers.set(this.socket, receiver);
    try {
      receiver.take(chunk, (answer) => {
        const correlationId = answer.readInt32BE(0);
        const payload = answer.subarray(CORRELATION_ID_BYTES);
        this.requestQueue.fulfillRequest({ size: answer.length, correlationId, payload });
      });
    } catch (error) {
      this.socket.destroy(error as Error);
    }
  };
}

/** Puts the answers of one connection together. */
export class AnswerReceiver {
  private readonly size = Buffer.alloc(SIZE_BYTES);
  private sizeBytes = 0;
  private answer: Buffer | undefined;
  private filled = 0;

  /** @throws RangeError if no answer begins: the sender does not speak Kafka's protocol. */
  take(chunk: Buffer, onAnswer: (answer: Buffer) => void): void {
    for (let at = 0; at < chunk.length;) {
      if (!this.answer) {
        const copied = chunk.copy(this.size, this.sizeBytes, at, at + SIZE_BYTES - this.sizeBytes);
        at += copied;
        this.sizeBytes += copied;
        if (this.sizeBytes < SIZE_BYTES) return;
        this.answer = answerOf(this.size.readInt32BE(0));
      }
      const copied = chunk.copy(this.answer, this.filled, at);
      at += copied;
      this.filled += copied;
      if (this.filled < this.answer.length) return;
      const { answer } = this;
      this.answer = undefined;
      this.sizeBytes = this.filled = 0;
      onAnswer(answer);
    }
  }
}

function answerOf(size: number): Buffer {
  if (size < CORRELATION_ID_BYTES) throw new RangeError(`An answer of ${size} bytes`);
  const answer = Buffer.allocUnsafeSlow(size);
  answerMemory.add(answer.buffer);
  return answer;
}

/**
 * Gives the memory of a received answer back at once, so that the next one finds it (the collector would wait, and new
 * memory costs more than what is copied into it). No-op for other buffers. The answer must not be used afterwards.
 */
export function freeAnswer(payload: Buffer): void {
  const memory = payload.buffer as ArrayBuffer;
  if (answerMemory.delete(memory)) memory.transfer(0);
}
