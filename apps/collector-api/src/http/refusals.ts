import { CodedError } from '@pipeline/event-schema';
import { type IntakeRefusal, type IntakeRefusalCode } from '@pipeline/intake';
import { HTTP_REFUSALS, JSON_TYPE, metricsIn } from '@pipeline/observability';
import { type FastifyReply } from 'fastify';
import { sendStatus } from '../logs/logs-answer.ts';
import { LOGS_URL } from './gate.ts';

export const refusalMetrics = metricsIn(({ counter }) => ({
  requestsRefused: counter('collector_requests_refused_total', 'Requests refused as a whole', 'code'),
}));

type Refusals = Record<string, readonly [status: number, message: string]>;

/** Every reason why a whole request is refused: HTTP status and sentence. Part of the public contract. */
export const REFUSALS = {
  ...HTTP_REFUSALS,
  'malformed-json': [400, 'The body is not JSON'],
  'malformed-otlp': [400, 'The body is no OTLP request of logs'],
  'malformed-encoding': [400, 'The body does not decode as its Content-Encoding says'],
  'not-utf8': [400, 'The body is not UTF-8'],
  'no-events': [400, 'The body holds no event'],
  'all-events-rejected': [400, 'No event of the request was accepted; results say why'],
  'write-key-missing': [401, 'A write key is required, as X-Write-Key or write_key'],
  'write-key-wrong': [403, 'The write key is not valid'],
  'origin-not-allowed': [403, 'Pages of this origin may not send events here; sending again does not help'],
  'not-found': [404, 'There is nothing at this address'],
  'method-not-allowed': [405, 'The address does not support this method'],
  'body-too-large': [413, 'The body is too large'],
  'too-many-events': [413, 'The request holds too many events'],
  'too-many-records': [413, 'The request holds too many log records, or they share too large a resource'],
  'json-too-complex': [413, 'The JSON nests too deep, or holds too many values or names'],
  'address-too-long': [414, 'The address is too long'],
  'unsupported-media-type': [
    415,
    'Content-Type must be application/json, or text/plain for events, application/x-protobuf for logs',
  ],
  'unsupported-encoding': [415, 'Content-Encoding must be gzip, deflate, br or zstd'],
  'too-many-requests': [429, 'This client sends too many requests; Retry-After says when to go on'],
  internal: [500, 'The collector failed; the events are not claimed to be stored'],
  'kafka-unavailable': [503, 'Events cannot be made durable now; try again later'],
  'queue-full': [503, 'Too many events wait to become durable; try again later'],
  'spool-full': [503, 'Kafka is away and the local spool is full; try again later'],
  'spool-unwritable': [503, 'Kafka is away and the local spool cannot be written; try again later'],
  'clock-wrong': [503, 'The clock of this instance is wrong; try again later'],
  stopping: [503, 'This instance is stopping; try again'],
  'not-ready': [503, 'This instance cannot take events now'],
} as const satisfies Refusals & Record<IntakeRefusalCode, unknown>;

/** What a whole request can be refused for: by the intake, or by HTTP. */
export type RequestRefusalCode = keyof typeof REFUSALS;

/** A request that HTTP refuses before the intake sees it. */
export class RequestRefusal extends CodedError<RequestRefusalCode> {
  constructor(code: RequestRefusalCode) {
    super(code, REFUSALS[code][1]);
  }
}

/** A transparent image of one pixel. */
export const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
export const PIXEL_URL = '/v1/events/pixel.gif';

/** Answers with the status of a refusal, in the form of the route: JSON, or an image. */
export function sendRefusal(reply: FastifyReply, refusal: RequestRefusal | IntakeRefusal): void {
  const [status] = REFUSALS[refusal.code];
  if (status === 503) reply.header('retry-after', retryAfterSeconds());
  if (status === 401) reply.header('www-authenticate', 'WriteKey realm="events"');
  // Fastify would close at once, and a client that is still sending would lose the answer; `readBody` bounds the rest.
  if (reply.raw.shouldKeepAlive) reply.removeHeader('connection');
  else reply.header('connection', 'close');
  const { url } = reply.request.routeOptions;
  if (url === PIXEL_URL) sendPixel(reply, status, outcomeOf(refusal));
  else if (url === LOGS_URL) sendStatus(reply, status, `${refusal.code}: ${REFUSALS[refusal.code][1]}`);
  else sendRefusalAsJson(reply, refusal);
}

export function sendRefusalAsJson(reply: FastifyReply, refusal: RequestRefusal | IntakeRefusal): void {
  const { code } = refusal;
  const [status, message] = REFUSALS[code];
  const results = 'results' in refusal && refusal.results ? `,"results":${refusal.results}` : '';
  const body = `{"code":"${code}","message":${JSON.stringify(message)}${results}}`;
  void reply.code(status).header('content-type', JSON_TYPE).send(body);
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

/** Why the only event of the request was rejected, if that is the reason. */
function outcomeOf(refusal: RequestRefusal | IntakeRefusal): string {
  const rejection = 'rejections' in refusal ? refusal.rejections[0] : undefined;
  return rejection?.code ?? refusal.code;
}

const MAX_RETRY_AFTER_S = 5;

/** Whole seconds; spread out, so that refused clients do not come back together. */
export function retryAfterSeconds(): string {
  return String(1 + Math.floor(Math.random() * MAX_RETRY_AFTER_S));
}
