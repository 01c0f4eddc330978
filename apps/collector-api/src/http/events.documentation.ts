import { type OpenAPIObject } from '@nestjs/swagger';
import { REQUEST_EXAMPLES } from './events.examples.ts';
import { REFUSALS, type RequestRefusalCode } from './refusals.ts';

type Operation = NonNullable<OpenAPIObject['paths'][string]['post']>;

const keyDescription = 'Needed only where the collector was given write keys';
const keySchema = { type: 'string', maxLength: 256 };

/** As OpenAPI names the parameters of a route that takes events. */
export const WRITE_KEY_PARAMETERS = [
  { name: 'x-write-key', in: 'header', required: false, description: keyDescription, schema: keySchema },
  {
    name: 'write_key',
    in: 'query',
    required: false,
    description: `${keyDescription}; for beacons and images, which cannot have headers`,
    schema: keySchema,
  },
] as const;

/** Every way in which `POST /v1/events` refuses a request. */
export const COLLECT_REFUSALS = (Object.keys(REFUSALS) as RequestRefusalCode[]).filter(
  (code) => !['malformed-otlp', 'too-many-records', 'not-found', 'not-ready'].includes(code),
);

const EVENTS = {
  schema: { $ref: '#/components/schemas/Events' },
  examples: Object.fromEntries(
    Object.entries(REQUEST_EXAMPLES).map(([name, { summary, value }]) => [name, { summary, value }]),
  ),
};

const COLLECTED = {
  durability: 'kafka',
  results: [
    { event_id: '01890a5d-ac96-774b-bcce-b302099a8057', status: 'accepted' },
    {
      event_id: null,
      status: 'rejected',
      code: 'color-unknown',
      message: 'color_name must be one of red, orange, yellow, green, blue, navy, purple',
      path: 'color_name',
    },
  ],
};

/** What the OpenAPI document says about `POST /v1/events`, which is no route of Nest. */
export const COLLECT_OPERATION: Operation = {
  operationId: 'collectEvents',
  tags: ['events'],
  summary: 'Collect events',
  description:
    'Takes one event or an array of at most 500, at most 1 MiB decoded. Answers when the accepted events are ' +
    'durable, with one result per event in the order sent. Send `event_id` and repeat the request with the same ' +
    'ids after a 503 or a lost answer: a repeated event is stored once.',
  parameters: [
    {
      name: 'content-encoding',
      in: 'header',
      required: false,
      schema: { type: 'string', enum: ['gzip', 'deflate', 'br', 'zstd', 'identity'] },
    },
    {
      name: 'traceparent',
      in: 'header',
      required: false,
      description: 'W3C trace context; made where absent',
      schema: { type: 'string' },
    },
    ...WRITE_KEY_PARAMETERS,
  ],
  requestBody: { required: true, content: { 'application/json': EVENTS, 'text/plain': EVENTS } },
  responses: {
    202: {
      description: 'The accepted events are durable',
      content: {
        'application/json': { schema: { $ref: '#/components/schemas/Collected' }, example: COLLECTED },
      },
    },
    ...Object.fromEntries(COLLECT_REFUSALS.map((code) => [REFUSALS[code][0], refusalOf(REFUSALS[code][0])])),
  },
};

function refusalOf(status: number): Operation['responses'][string] {
  const codes = COLLECT_REFUSALS.filter((code) => REFUSALS[code][0] === status);
  const examples = codes.map((code) => [code, { value: { code, message: REFUSALS[code][1] } }] as const);
  return {
    description: codes.map((code) => `\`${code}\`: ${REFUSALS[code][1]}`).join('\n\n'),
    content: {
      'application/json': {
        schema: { $ref: '#/components/schemas/Refusal' },
        examples: Object.fromEntries(examples),
      },
    },
    ...((status === 503 || status === 429) && {
      headers: { 'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer', minimum: 1 } } },
    }),
  };
}
