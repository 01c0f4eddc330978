import { type OpenAPIObject } from '@nestjs/swagger';
import { MAX_LOG_RECORDS } from '../logs/log-events.ts';
import { PROTOBUF_TYPE } from '../logs/logs-answer.ts';
import { WRITE_KEY_PARAMETERS } from './events.documentation.ts';
import { type RequestExample } from './events.examples.ts';
import { REFUSALS, type RequestRefusalCode } from './refusals.ts';

type Operation = NonNullable<OpenAPIObject['paths'][string]['post']>;
type LogSchemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

/** What only events can do wrong: of records that are all wrong the answer is 200, as of one. */
const OF_EVENTS: readonly RequestRefusalCode[] = [
  'no-events',
  'all-events-rejected',
  'too-many-events',
  'not-found',
  'not-ready',
];

/** Every way in which `POST /v1/logs` refuses a request. */
export const LOGS_REFUSALS = (Object.keys(REFUSALS) as RequestRefusalCode[]).filter(
  (code) => !OF_EVENTS.includes(code),
);

const RECORD = {
  timeUnixNano: '1769903999123456789',
  severityText: 'ERROR',
  body: { stringValue: 'payment refused' },
  traceId: '0af7651916cd43dd8448eb211c80319c',
};
const logsOf = (...logRecords: object[]) => ({
  resourceLogs: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'checkout' } }] },
      scopeLogs: [{ logRecords }],
    },
  ],
});

export const LOGS_EXAMPLES = {
  record: { summary: 'A line of a log', value: logsOf(RECORD), status: 200, outcomes: [] },
  wrong: {
    summary: 'A wrong record between two right ones, which are accepted',
    value: logsOf(RECORD, { ...RECORD, severityNumber: 25 }, { ...RECORD, severityText: 'WARN' }),
    status: 200,
    outcomes: ['number-out-of-range'],
  },
  malformed: { summary: 'No OTLP', value: { resourceLogs: 17 }, status: 400, outcomes: ['malformed-otlp'] },
} as const satisfies Record<string, RequestExample>;

const PROTOBUF = { schema: { type: 'string', format: 'binary' } };
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** What the OpenAPI document says about `POST /v1/logs`, which is no route of Nest. */
export const LOGS_OPERATION: Operation = {
  operationId: 'collectLogs',
  tags: ['logs'],
  summary: 'Collect logs',
  description:
    `OTLP/HTTP 1.x, as agents and SDKs of OpenTelemetry send it: at most ${MAX_LOG_RECORDS.toLocaleString('en')} records. ` +
    'Answers 200 when every record that `partialSuccess` does not count is durable. After 429, 503 or a lost answer send ' +
    'the same request again: a record is named by its content and stored once. Any other status says not to send it again. ' +
    'The answer is in the encoding of the request.',
  parameters: [
    {
      name: 'content-encoding',
      in: 'header',
      required: false,
      schema: { type: 'string', enum: ['gzip', 'deflate', 'br', 'zstd', 'identity'] },
    },
    ...WRITE_KEY_PARAMETERS,
  ],
  requestBody: {
    required: true,
    content: {
      'application/json': {
        schema: ref('ExportLogsServiceRequest'),
        examples: Object.fromEntries(
          Object.entries(LOGS_EXAMPLES).map(([name, { summary, value }]) => [name, { summary, value }]),
        ),
      },
      [PROTOBUF_TYPE]: PROTOBUF,
    },
  },
  responses: {
    200: {
      description: 'The records are durable, but for those that `partialSuccess` counts',
      content: {
        'application/json': { schema: ref('ExportLogsServiceResponse') },
        [PROTOBUF_TYPE]: PROTOBUF,
      },
    },
    ...Object.fromEntries(LOGS_REFUSALS.map((code) => [REFUSALS[code][0], refusalOf(REFUSALS[code][0])])),
  },
};

function refusalOf(status: number): Operation['responses'][string] {
  const codes = LOGS_REFUSALS.filter((code) => REFUSALS[code][0] === status);
  return {
    description: codes.map((code) => `\`${code}\`: ${REFUSALS[code][1]}`).join('\n\n'),
    content: { 'application/json': { schema: ref('RpcStatus') }, [PROTOBUF_TYPE]: PROTOBUF },
    ...((status === 503 || status === 429) && {
      headers: { 'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer', minimum: 1 } } },
    }),
  };
}

const text = { type: 'string' } as const;
const listOf = (items: LogSchemas[string]) => ({ type: 'array', items }) as const;
const messageOf = (properties: LogSchemas) => ({ type: 'object', properties }) as const;
const nanoseconds = { ...text, pattern: '^\\d{1,19}$', description: 'Nanoseconds since the epoch' };

/** Messages of OTLP by their names there, as far as the collector reads them; unknown fields are passed over. */
export const LOGS_SCHEMAS: LogSchemas = {
  ExportLogsServiceRequest: messageOf({ resourceLogs: listOf(ref('ResourceLogs')) }),
  ResourceLogs: messageOf({
    resource: messageOf({ attributes: listOf(ref('KeyValue')) }),
    scopeLogs: listOf(
      messageOf({
        scope: messageOf({ name: text, version: text, attributes: listOf(ref('KeyValue')) }),
        logRecords: listOf(ref('OtlpLogRecord')),
      }),
    ),
  }),
  OtlpLogRecord: messageOf({
    timeUnixNano: nanoseconds,
    observedTimeUnixNano: nanoseconds,
    severityNumber: { type: 'integer', minimum: 0, maximum: 24 },
    severityText: text,
    body: ref('AnyValue'),
    attributes: listOf(ref('KeyValue')),
    traceId: { ...text, description: '32 hexadecimal digits' },
    spanId: { ...text, description: '16 hexadecimal digits' },
    eventName: text,
  }),
  KeyValue: messageOf({ key: text, value: ref('AnyValue') }),
  AnyValue: {
    ...messageOf({
      stringValue: text,
      boolValue: { type: 'boolean' },
      intValue: { ...text, pattern: '^-?\\d{1,19}$' },
      doubleValue: { type: 'number' },
      bytesValue: { ...text, format: 'byte' },
      arrayValue: messageOf({ values: listOf(ref('AnyValue')) }),
      kvlistValue: messageOf({ values: listOf(ref('KeyValue')) }),
    }),
    maxProperties: 1,
  },
  ExportLogsServiceResponse: messageOf({
    partialSuccess: messageOf({
      rejectedLogRecords: { ...text, description: 'How many records are not stored' },
      errorMessage: { ...text, description: 'Why, with how many each reason concerns' },
    }),
  }),
  RpcStatus: {
    ...messageOf({ code: { type: 'integer', description: 'Of google.rpc.Code' }, message: text }),
    required: ['code', 'message'],
    description: '`google.rpc.Status`; its message begins with the code of the refusal',
  },
};
