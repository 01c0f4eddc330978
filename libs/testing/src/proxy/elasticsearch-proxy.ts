import { FaultProxy, type Fault, type ProxiedAnswer, type ProxiedRequest } from './fault-proxy.ts';

interface BulkAnswer {
  errors: boolean;
  items: unknown[];
}

const HEADERS = { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' };
const TOO_BUSY = {
  create: {
    status: 429,
    error: {
      type: 'es_rejected_execution_exception',
      reason: 'rejected execution of coordinating operation',
    },
  },
};

export async function startElasticsearchProxy(elasticsearchUrl: string): Promise<FaultProxy> {
  const proxy = new FaultProxy({ route: (path) => ({ origin: elasticsearchUrl, path }) });
  await proxy.listen();
  return proxy;
}

export function isBulk({ method, path }: ProxiedRequest): boolean {
  return method === 'POST' && new URL(path, 'http://proxy').pathname.endsWith('/_bulk');
}

/** As for a document whose field has another type than its index says. */
export const WRONG_TYPE = {
  create: {
    status: 400,
    error: { type: 'document_parsing_exception', reason: 'failed to parse field [n] of type [long]' },
  },
};

/**
 * Items of a bulk request are answered as `isRefused` says of their lines: 429, or what is given; the others are passed
 * on and their real results stand in the answer in their own places. The request must consist of `create` actions only.
 */
export function refuseItems(
  { body }: ProxiedRequest,
  isRefused: (lines: Buffer) => boolean,
  refusal: typeof TOO_BUSY = TOO_BUSY,
): Fault {
  const items = itemsOf(body).map((lines) => ({ lines, refused: isRefused(lines) }));
  const passed = items.filter(({ refused }) => !refused);
  if (passed.length === 0) return { kind: 'refuse', answer: bulkAnswer(items.map(() => refusal)) };
  return {
    kind: 'rewrite',
    body: Buffer.concat(passed.map(({ lines }) => lines)),
    rewrite: (answer) => {
      if (answer.status !== 200) return answer;
      const results = (JSON.parse(answer.body.toString()) as BulkAnswer).items.values();
      return bulkAnswer(items.map(({ refused }) => (refused ? refusal : results.next().value)));
    },
  };
}

/** The whole request is answered 503, as a proxy in front of a cluster does. */
export function unavailable(): Fault {
  const body = {
    error: { type: 'unavailable_shards_exception', reason: 'primary shard is not active' },
    status: 503,
  };
  return { kind: 'refuse', answer: jsonAnswer(503, body) };
}

function bulkAnswer(items: unknown[]): ProxiedAnswer {
  const errors = items.some((item) => (item as typeof TOO_BUSY).create.status >= 300);
  return jsonAnswer(200, { took: 1, errors, items });
}

function jsonAnswer(status: number, body: unknown): ProxiedAnswer {
  return { status, headers: HEADERS, body: Buffer.from(JSON.stringify(body)) };
}

/** Action and source line of each item, as they are. */
function itemsOf(body: Buffer): Buffer[] {
  const items: Buffer[] = [];
  for (let start = 0; start < body.length;) {
    const actionEnd = body.indexOf(0x0a, start) + 1;
    const end = body.indexOf(0x0a, actionEnd) + 1;
    items.push(body.subarray(start, end));
    start = end;
  }
  return items;
}
