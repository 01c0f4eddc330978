import { type INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { describeEventTypes, REJECTION_CODES } from '@pipeline/event-schema/contract';
import { COLLECT_OPERATION } from './events.documentation.ts';
import { EVENTS_URL, LOGS_URL } from './gate.ts';
import { LOGS_OPERATION, LOGS_SCHEMAS } from './logs.documentation.ts';
import { REFUSALS } from './refusals.ts';

const VERSION = '1';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;
type Responses = NonNullable<OpenAPIObject['paths'][string]['get']>['responses'];

/** `/docs` for people, `/openapi.json` for programs; nothing is loaded from elsewhere. */
export function serveDocumentation(app: INestApplication): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'collector-api',
  });
}

/** The contract of this app, generated from its routes, the event types and the lists of codes. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const base = new DocumentBuilder()
    .setTitle('collector-api')
    .setDescription('Takes web events and logs, and answers when they are durable.')
    .setVersion(VERSION)
    .build();
  const document = SwaggerModule.createDocument(app, base);
  document.paths = {
    [EVENTS_URL]: { post: COLLECT_OPERATION },
    [LOGS_URL]: { post: LOGS_OPERATION },
    ...document.paths,
  };
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, ...schemas(), ...LOGS_SCHEMAS },
  };
  describeOps(document);
  return document;
}

function schemas(): Schemas {
  const event = { oneOf: Object.values(describeEventTypes()) };
  const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
  const results = { type: 'array', items: ref('Result') };
  return {
    Event: event,
    Events: { oneOf: [ref('Event'), { type: 'array', items: {}, minItems: 1, maxItems: 500 }] },
    Result: {
      type: 'object',
      required: ['event_id', 'status'],
      properties: {
        event_id: { type: 'string', nullable: true },
        status: { type: 'string', enum: ['accepted', 'duplicate', 'rejected'] },
        code: { type: 'string', enum: Object.keys(REJECTION_CODES), description: codeTable(REJECTION_CODES) },
        message: { type: 'string' },
        path: { type: 'string', description: 'The wrong field; empty for the event as a whole' },
      },
    },
    Collected: {
      type: 'object',
      required: ['durability', 'results'],
      properties: { durability: { type: 'string', enum: ['kafka', 'spool'] }, results },
    },
    Refusal: {
      type: 'object',
      required: ['code', 'message'],
      properties: {
        code: { type: 'string', enum: Object.keys(REFUSALS) },
        message: { type: 'string' },
        results,
      },
    },
  };
}

function codeTable(codes: Readonly<Record<string, string>>): string {
  return Object.entries(codes)
    .map(([code, meaning]) => `\`${code}\`: ${meaning}`)
    .join('\n\n');
}

/** The operator endpoints are shared by all apps and carry no documentation of their own. */
function describeOps({ paths }: OpenAPIObject): void {
  const ok = { description: 'Yes', content: { 'application/json': { example: { status: 'ok' } } } };
  const refusal = { 'application/json': { schema: { $ref: '#/components/schemas/Refusal' } } };
  const describe = (path: string, summary: string, responses: Responses): void => {
    const operation = paths[path]?.get;
    if (operation) Object.assign(operation, { tags: ['operation'], summary, responses });
  };
  describe('/livez', 'Is the process alive?', { 200: ok });
  describe('/readyz', 'Can it take events?', { 200: ok, 503: { description: 'No', content: refusal } });
  describe('/metrics', 'Prometheus metrics', { 200: { description: 'Text', content: { 'text/plain': {} } } });
}
