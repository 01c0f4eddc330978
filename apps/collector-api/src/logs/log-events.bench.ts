import { logEvents } from './log-events.ts';
import { type OtlpLogsRequest } from './otlp.ts';

const RECORDS = 1_000;
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });

/** As an agent sends the lines of a server: some attributes of the record, more of what logged it. */
const request = {
  resourceLogs: [
    {
      resource: {
        attributes: [
          text('service.name', 'checkout'),
          text('service.instance.id', 'checkout-7d9f8b6c5-x2x4z'),
          text('host.name', 'node-17.eu-central-1.compute.internal'),
          text('k8s.namespace.name', 'shop'),
          text('deployment.environment.name', 'production'),
        ],
      },
      scopeLogs: [
        {
          scope: { name: 'access-log' },
          logRecords: Array.from({ length: RECORDS }, (_, n) => ({
            timeUnixNano: String(1_764_500_000_123_456_789n + BigInt(n) * 1_234_567n),
            observedTimeUnixNano: '1764500001123456789',
            severityNumber: 9,
            severityText: 'INFO',
            body: {
              stringValue: `GET /api/orders/${n} 200 in ${n % 97} ms, 1 of 3 shards answered from the cache`,
            },
            attributes: [
              text('http.request.method', 'GET'),
              text('http.route', '/api/orders/{id}'),
              { key: 'http.response.status_code', value: { intValue: '200' } },
              text('thread.name', `worker-${n % 16}`),
            ],
            traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
            spanId: '00f067aa0ba902b7',
          })),
        },
      ],
    },
  ],
};
const body = Buffer.from(JSON.stringify(request));
const MAX_SHARED_CHARACTERS = 1e9;

export const benchmarks = {
  'parse the JSON of a batch': { events: RECORDS, run: () => JSON.parse(body.toString()) as unknown },
  'parse a batch and make events of its records': {
    events: RECORDS,
    run: () => logEvents(JSON.parse(body.toString()) as OtlpLogsRequest, MAX_SHARED_CHARACTERS),
  },
};
