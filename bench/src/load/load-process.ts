import { setTimeout as wait } from 'node:timers/promises';
import { HttpConnection } from './http-connection.ts';
import { Latencies } from './latencies.ts';
import { type LoadOrder, type LoadReport } from './load.ts';
import { RequestTemplate } from './request-template.ts';

const ACCEPTED = 202;

/** The load generator, a process of its own: takes one order, works it off, reports, ends. */
process.once('message', (order: LoadOrder) => {
  void run(order).then((report) => process.send?.(report, undefined, undefined, () => process.exit(0)));
});

async function run(order: LoadOrder): Promise<LoadReport> {
  const { port, connections, eventsPerRequest, measuredMs, rate, firstId = 0 } = order;
  const template = new RequestTemplate(`127.0.0.1:${port}`, eventsPerRequest);
  const latencies = new Latencies();
  const endMs = performance.now() + measuredMs;
  let next = firstId;
  let acknowledged = 0;
  let refused = 0;
  const work = async (connection: HttpConnection): Promise<void> => {
    const pauseMs = rate === undefined ? 0 : (1_000 * connections) / rate;
    for (let sentMs = performance.now(); sentMs < endMs; sentMs = performance.now()) {
      const first = next;
      next += eventsPerRequest;
      const status = await connection.send(template.numbered(first));
      const answeredMs = performance.now();
      if (status === ACCEPTED) acknowledged += eventsPerRequest;
      else refused += 1;
      if (status === 0) return;
      if (status === ACCEPTED && answeredMs <= endMs) latencies.add(answeredMs - sentMs);
      if (pauseMs > 0) await wait(Math.max(0, pauseMs - (answeredMs - sentMs)));
    }
  };
  const all = Array.from({ length: connections }, () => new HttpConnection(port));
  await Promise.all(all.map(work));
  all.forEach((connection) => connection.close());
  return {
    requestsPerSecond: latencies.count / (measuredMs / 1_000),
    p50Ms: latencies.quantile(0.5),
    p99Ms: latencies.quantile(0.99),
    acknowledged,
    refused,
  };
}
