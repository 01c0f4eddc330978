import { JSON_TYPE } from '@pipeline/observability';
import { type FastifyReply } from 'fastify';
import { type Refusal, retryAfterSeconds } from '../accept/refusal.ts';

/** A transparent image of one pixel. */
export const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
export const PIXEL_URL = '/v1/events/pixel.gif';

export function sendRefusal(reply: FastifyReply, refusal: Refusal): void {
  if (refusal.status === 503) reply.header('retry-after', retryAfterSeconds());
  if (refusal.status === 401) reply.header('www-authenticate', 'WriteKey realm="events"');
  // Fastify would close at once, and a client that is still sending would lose the answer; `readBody` bounds the rest.
  if (reply.raw.shouldKeepAlive) reply.removeHeader('connection');
  else reply.header('connection', 'close');
  if (reply.request.routeOptions.url === PIXEL_URL) sendPixel(reply, refusal.status, reasonOf(refusal));
  else sendJson(reply, refusal);
}

export function sendJson(reply: FastifyReply, refusal: Refusal): void {
  void reply.code(refusal.status).header('content-type', JSON_TYPE).send(refusal.toJson());
}

/** The image, whatever happened: a page must not show a broken one. Status and header tell programs the truth. */
export function sendPixel(reply: FastifyReply, status: number, outcome: string): void {
  reply.headers({
    'content-type': 'image/gif',
    'cache-control': 'no-store',
    'cross-origin-resource-policy': 'cross-origin',
    'x-event-status': outcome,
  });
  void reply.code(status).send(PIXEL);
}

/** Why its only event was refused, where that is the reason. */
function reasonOf({ code, results }: Refusal): string {
  if (results === undefined) return code;
  const [result] = JSON.parse(results) as { code: string }[];
  return result?.code ?? code;
}
