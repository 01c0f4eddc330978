import { type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { AuditError } from '../audit-error.ts';

const MAX_ANSWER_BYTES = 64 << 20;
const TIMEOUT_MS = 120_000;
/** Query parameters of requests to indices that may not exist yet. */
export const NONE_IS_FINE = 'allow_no_indices=true&ignore_unavailable=true';

export interface ElasticsearchAccess {
  /** Nodes; the first that answers is used. */
  readonly nodes: readonly string[];
  readonly authorization: string | undefined;
  /** PEM of the authority that signed the nodes; absent: the system's. */
  readonly ca?: string | undefined;
}

/** The answer has more bytes than are taken into memory: ask for less. */
export class AnswerTooLarge extends Error {}

/** Elasticsearch over plain REST, for reading. */
export class ElasticsearchClient {
  constructor(private readonly access: ElasticsearchAccess) {}

  /** @throws AuditError `elasticsearch`; AnswerTooLarge */
  async call(method: string, path: string, body?: string): Promise<Buffer> {
    let failure: unknown;
    for (const node of this.access.nodes) {
      try {
        return await exchange(new URL(`${node}${path}`), { method, body, access: this.access });
      } catch (error) {
        if (error instanceof AnswerTooLarge) throw error;
        failure = error;
      }
    }
    const nodes = this.access.nodes.join();
    throw new AuditError(
      'elasticsearch',
      `Elasticsearch at ${nodes} (ELASTICSEARCH_NODE): ${failure instanceof Error ? failure.message : String(failure)}`,
      {
        cause: failure,
      },
    );
  }
}

interface Exchange {
  readonly method: string;
  readonly body: string | undefined;
  readonly access: ElasticsearchAccess;
}

async function exchange(url: URL, { method, body, access }: Exchange): Promise<Buffer> {
  const response = await request(url, { method, body, access });
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) throw new AnswerTooLarge('The answer is too large');
    chunks.push(chunk);
  }
  const answer = Buffer.concat(chunks, length);
  const { statusCode = 0 } = response;
  if (statusCode >= 200 && statusCode < 300) return answer;
  throw new Error(`${method} ${url.pathname} was answered ${statusCode}: ${answer.toString('utf8', 0, 300)}`);
}

function request(url: URL, { method, body, access }: Exchange): Promise<IncomingMessage> {
  const { authorization, ca } = access;
  const headers = {
    'content-type': 'application/json',
    // Compressing hundreds of megabytes costs both sides more than carrying them.
    'accept-encoding': 'identity',
    // Without it Node sends the body of a DELETE, and Elasticsearch does not look for one.
    ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
    ...(authorization === undefined ? {} : { authorization }),
  };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sent = send(url, { method, headers, signal, ...(ca === undefined ? {} : { ca }) }, resolve);
    sent.on('error', reject);
    sent.end(body);
  });
}
