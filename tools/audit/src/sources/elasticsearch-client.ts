import { type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { finished } from 'node:stream/promises';
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

/** Takes an answer as it comes. */
export interface Answer {
  /** An answer begins, the first one or that of the next node. */
  clear(): void;
  /** @returns how many bytes there were. */
  append(chunk: Buffer): number;
}

/** The answer has more bytes than are taken into memory: ask for less. */
export class AnswerTooLarge extends Error {}

/** Elasticsearch over plain REST, for reading. */
export class ElasticsearchClient {
  constructor(private readonly access: ElasticsearchAccess) {}

  /**
   * @param into takes the answer instead of the result, if it is a good one.
   * @throws AuditError `elasticsearch`; AnswerTooLarge
   */
  async call(method: string, path: string, body?: string | Buffer, into?: Answer): Promise<Buffer> {
    let failure: unknown;
    for (const node of this.access.nodes) {
      try {
        return await exchange(new URL(`${node}${path}`), { method, body, access: this.access, into });
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
  readonly body: string | Buffer | undefined;
  readonly access: ElasticsearchAccess;
  readonly into: Answer | undefined;
}

async function exchange(url: URL, asked: Exchange): Promise<Buffer> {
  const { method, into } = asked;
  const response = await request(url, asked);
  const { statusCode = 0 } = response;
  const isGood = statusCode >= 200 && statusCode < 300;
  const whole = new WholeAnswer();
  const answer = isGood && into !== undefined ? into : whole;
  answer.clear();
  response.on('data', (chunk: Buffer) => {
    if (answer.append(chunk) > MAX_ANSWER_BYTES)
      response.destroy(new AnswerTooLarge('The answer is too large'));
  });
  await finished(response);
  const content = whole.content();
  if (isGood) return content;
  throw new Error(
    `${method} ${url.pathname} was answered ${statusCode}: ${content.toString('utf8', 0, 300)}`,
  );
}

class WholeAnswer implements Answer {
  private chunks: Buffer[] = [];
  private length = 0;

  clear(): void {
    this.chunks = [];
    this.length = 0;
  }

  append(chunk: Buffer): number {
    this.chunks.push(chunk);
    this.length += chunk.length;
    return this.length;
  }

  content(): Buffer {
    return Buffer.concat(this.chunks, this.length);
  }
}

function request(url: URL, { method, body, access }: Omit<Exchange, 'into'>): Promise<IncomingMessage> {
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
