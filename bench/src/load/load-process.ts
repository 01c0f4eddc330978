import { setTimeout as wait } from 'node:timers/promises';
import { HttpConnection } from './http-connection.ts';
import { Latencies } from './latencies.ts';
import { type LoadMessage, type LoadOrder, type LoadReport } from './load.ts';
import { RequestTemplate } from './request-template.ts';

/** The load generator, a process of its own: takes one order, works it off, reports, ends. */
process.once('message', (order: LoadOrder) => {
  void run(order).then((report) => say({ report }, () => process.exit(0)));
});

function say(message: LoadMessage, done?: () => void): void {
  process.send?.(message, undefined, undefined, done);
}

async function run(order: LoadOrder): Promise<LoadReport> {
  const { ports, path, accepted, connections, eventsPerRequest, measuredMs, rate, firstId = 0 } = order;
  const { watchOneOf = Infinity, leadInMs = 0 } = order;
  const template = new RequestTemplate(`127.0.0.1:${ports[0]}${path}`, eventsPerRequest);
  const latencies = new Latencies();
  const startMs = performance.now();
  const measuredFromMs = startMs + leadInMs;
  const endMs = measuredFromMs + measuredMs;
  let next = firstId;
  let acknowledged = 0;
  let refused = 0;
  const work = async (connection: HttpConnection, index: number): Promise<void> => {
    const pauseMs = rate === undefined ? 0 : (1_000 * connections) / rate;
    // Connections take turns; one that comes too late sends at once and keeps its place.
    for (let dueMs = startMs + (index / connections) * pauseMs; dueMs < endMs; dueMs += pauseMs) {
      if (pauseMs > 0) await wait(Math.max(0, dueMs - performance.now()));
      const sentMs = performance.now();
      if (sentMs >= endMs) return;
      const first = next;
      next += eventsPerRequest;
      if ((first - firstId) % watchOneOf === 0)
        say({ sent: { number: first, atMs: performance.timeOrigin + sentMs } });
      const status = await connection.send(template.numbered(first));
      const answeredMs = performance.now();
      if (status === accepted) acknowledged += eventsPerRequest;
      else refused += 1;
      if (status === 0) return;
      const isMeasured = sentMs >= measuredFromMs && answeredMs <= endMs;
      if (status === accepted && isMeasured) latencies.add(answeredMs - sentMs);
    }
  };
  const all = Array.from({ length: connections }, (_, n) => new HttpConnection(ports[n % ports.length]!));
  await Promise.all(all.map(work));
  all.forEach((connection) => connection.close());
  return {
    requestsPerSecond: latencies.count / (measuredMs / 1_000),
    p50Ms: latencies.quantile(0.5),
    p95Ms: latencies.quantile(0.95),
    p99Ms: latencies.quantile(0.99),
    acknowledged,
    refused,
  };
}
