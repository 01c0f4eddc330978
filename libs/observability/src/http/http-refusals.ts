import { type ServerResponse, STATUS_CODES } from 'node:http';
import { type Socket } from 'node:net';

/** Why a request is refused before an app sees it, on the port of any app: HTTP status and sentence. */
export const HTTP_REFUSALS = {
  'malformed-request': [400, 'The request is not valid HTTP'],
  'request-timeout': [408, 'The request took too long to arrive'],
  'expectation-failed': [417, 'Expect can be 100-continue only'],
  'headers-too-large': [431, 'The request headers are too large'],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type HttpRefusalCode = keyof typeof HTTP_REFUSALS;

export const JSON_TYPE = 'application/json; charset=utf-8';

/** Answers a request that no route has seen; the connection is closed after the answer. */
export function refuseRequest(response: ServerResponse, code: HttpRefusalCode): void {
  const body = bodyOf(code);
  response.writeHead(HTTP_REFUSALS[code][0], { ...headersOf(body), connection: 'close' }).end(body);
}

/** Answers bytes that never became a request, and closes the connection. */
export function refuseConnection(socket: Socket, code: HttpRefusalCode): void {
  const [status] = HTTP_REFUSALS[code];
  const body = bodyOf(code);
  const headers = Object.entries({ ...headersOf(body), connection: 'close' });
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

export function httpRefusalOf(connectionErrorCode: string | undefined): HttpRefusalCode {
  if (connectionErrorCode === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request-timeout';
  return connectionErrorCode === 'HPE_HEADER_OVERFLOW' ? 'headers-too-large' : 'malformed-request';
}

function bodyOf(code: HttpRefusalCode): string {
  return JSON.stringify({ code, message: HTTP_REFUSALS[code][1] });
}

function headersOf(body: string): Record<string, string | number> {
  return {
    'content-type': JSON_TYPE,
    'x-content-type-options': 'nosniff',
    'content-length': Buffer.byteLength(body),
  };
}
