import { STATUS_CODES } from 'node:http';
import { type Socket } from 'node:net';
import { type FastifyReply } from 'fastify';
import { type Refusal, retryAfterSeconds } from '../accept/refusal.ts';

export const JSON_TYPE = 'application/json; charset=utf-8';

export function sendRefusal(reply: FastifyReply, refusal: Refusal): void {
  if (refusal.status === 503) reply.header('retry-after', retryAfterSeconds());
  if (refusal.status === 405) reply.header('allow', 'POST, OPTIONS');
  // Fastify would close at once, and a client that is still sending would lose the answer; `readBody` bounds the rest.
  reply.removeHeader('connection');
  void reply.code(refusal.status).header('content-type', JSON_TYPE).send(refusal.toJson());
}

/** For a connection whose bytes never became a request; it is closed after the answer. */
export function writeRefusal(socket: Socket, refusal: Refusal): void {
  const body = refusal.toJson();
  socket.end(
    [
      `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`,
      'Connection: close',
      `Content-Type: ${JSON_TYPE}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
}
