import { Agent, request } from 'node:http';
import { loader } from './loader.ts';
import { storedRows } from './rows.ts';

const DOCUMENTS_PER_BULK = 2_500;
const CONNECTIONS = 2;

/** The floor of Elasticsearch: bulk bodies that are there already, on two connections, answers not looked into. */
await loader(({ url, topic, target, count }) => {
  const bodies: Buffer[] = [];
  let open: Buffer[] = [];
  const close = (): void => {
    if (open.length > 0) bodies.push(Buffer.concat(open));
    open = [];
  };
  for (const { id, row } of storedRows(topic, count)) {
    open.push(Buffer.from(`{"create":{"_index":"${target}","_id":"${id}"}}\n`), row, Buffer.from('\n'));
    if (open.length === 3 * DOCUMENTS_PER_BULK) close();
  }
  close();
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  return async () => {
    const left = bodies.values();
    const work = async (): Promise<void> => {
      for (const body of left) await bulk(`${url}/_bulk?filter_path=errors`, body, agent);
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, work));
  };
});

function bulk(url: string, body: Buffer, agent: Agent): Promise<void> {
  const headers = { 'content-type': 'application/x-ndjson', 'content-length': body.length };
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'POST', headers, agent }, (answer) => {
      answer.resume();
      if (answer.statusCode !== 200) reject(new Error(`${url} answered ${answer.statusCode}`));
      else answer.once('end', resolve);
    });
    call.once('error', reject);
    call.end(body);
  });
}
