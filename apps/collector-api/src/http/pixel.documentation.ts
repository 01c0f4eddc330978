import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { describeEventTypes, type JsonSchema } from '@pipeline/event-schema/contract';
import { REFUSALS, type RequestRefusalCode } from './refusals.ts';
import { WRITE_KEY_PARAMETERS } from './events.documentation.ts';

const [KEY_HEADER, KEY_QUERY] = WRITE_KEY_PARAMETERS;

/** What only a body or a batch can do wrong. */
const WITHOUT_BODY: readonly RequestRefusalCode[] = [
  'malformed-json',
  'malformed-otlp',
  'too-many-records',
  'malformed-encoding',
  'not-utf8',
  'no-events',
  'body-too-large',
  'too-many-events',
  'json-too-complex',
  'unsupported-media-type',
  'unsupported-encoding',
  'not-found',
  'not-ready',
];

export const PIXEL_REFUSALS = (Object.keys(REFUSALS) as RequestRefusalCode[]).filter(
  (code) => !WITHOUT_BODY.includes(code),
);

/** What the OpenAPI document says about the pixel. */
export function DescribesPixel(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'collectEventByPixel',
      tags: ['events'],
      summary: 'Collect one event by an image',
      description:
        'For pages without script. The event is the query, with the same checks and the same durability as ' +
        '`POST /v1/events`. The answer is a transparent image of one pixel whatever happened, so that no page shows a ' +
        'broken one; its status is 200 when the event is durable, else that of the refusal, and `X-Event-Status` says ' +
        'which.',
    }),
    ...eventParameters().map(([name, schema]) =>
      ApiQuery({ name, required: name === 'event_type', schema: schema as object }),
    ),
    ApiHeader(KEY_HEADER),
    ApiQuery(KEY_QUERY),
    imageOf(200, ['accepted', 'duplicate'], 'The event is durable'),
    ...[...new Set(PIXEL_REFUSALS.map((code) => REFUSALS[code][0]))].map((status) => {
      const codes = PIXEL_REFUSALS.filter((code) => REFUSALS[code][0] === status);
      return imageOf(status, codes, codes.map((code) => `\`${code}\`: ${REFUSALS[code][1]}`).join('\n\n'));
    }),
  );
}

/** Fields of all event types; where types differ, what any of them takes. */
function eventParameters(): [string, JsonSchema][] {
  const schemas = new Map<string, JsonSchema>();
  for (const { properties = {} } of Object.values(describeEventTypes())) {
    for (const [name, schema] of Object.entries(properties)) {
      const earlier = schemas.get(name);
      const values = [...valuesOf(earlier), ...valuesOf(schema)];
      schemas.set(name, values.length > 0 ? { ...schema, enum: [...new Set(values)] } : schema);
    }
  }
  return [...schemas];
}

function valuesOf(schema: JsonSchema | undefined): unknown[] {
  return Array.isArray(schema?.['enum']) ? (schema['enum'] as unknown[]) : [];
}

function imageOf(status: number, outcomes: readonly string[], description: string): MethodDecorator {
  const isEventsFault = outcomes.includes('all-events-rejected');
  return ApiResponse({
    status,
    description: isEventsFault
      ? `${description}; here \`X-Event-Status\` is the code of the event, as in the results of POST`
      : description,
    headers: {
      'X-Event-Status': { description: outcomes.join(', '), schema: { type: 'string' } },
      ...(status === 429 || status === 503
        ? { 'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer', minimum: 1 } } }
        : {}),
    },
    content: { 'image/gif': { schema: { type: 'string', format: 'binary' } } },
  });
}
