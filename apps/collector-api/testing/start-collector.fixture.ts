import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import {
  EVENT_PUBLISHER,
  MemoryEventPublisher,
  MemoryRejectedLog,
  REJECTED_LOG,
} from '@pipeline/intake/testing';
import { createLogger, METRICS_REGISTRY, PassingTracer, type Tracer, TRACER } from '@pipeline/observability';
import { CollectorApiModule, configureHttp } from '../src/app.module.ts';
import { collectorApiSettings } from '../src/collector-api.config.ts';
import { CollectorHttpAdapter } from '../src/http/collector.http-adapter.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | number | undefined>;
  readonly text: string;
  readonly bytes: Buffer;
  readonly json: {
    durability?: string;
    results?: { event_id: string | null; status: string; code?: string; message?: string; path?: string }[];
    code?: string;
    message?: string;
  };
}

/** The whole app on a publisher in memory, asked without a network. */
export class CollectorUnderTest {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly publisher: MemoryEventPublisher,
    readonly rejected: MemoryRejectedLog,
  ) {}

  static async start(
    environment: Record<string, string> = {},
    tracer: Tracer = new PassingTracer(),
  ): Promise<CollectorUnderTest> {
    const config = collectorApiSettings.load(environment);
    const publisher = new MemoryEventPublisher();
    const rejected = new MemoryRejectedLog();
    const testing = await Test.createTestingModule({
      imports: [CollectorApiModule.forRoot(config, createLogger('collector-api', 'silent'))],
    })
      .overrideProvider(EVENT_PUBLISHER)
      .useValue(publisher)
      .overrideProvider(REJECTED_LOG)
      .useValue(rejected)
      .overrideProvider(TRACER)
      .useValue(tracer)
      .compile();
    const app = testing.createNestApplication<NestFastifyApplication>(new CollectorHttpAdapter(config), {
      logger: false,
    });
    configureHttp(app);
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    return new CollectorUnderTest(app, publisher, rejected);
  }

  async send(
    payload: string | Buffer,
    headers: Record<string, string> = { 'content-type': 'application/json' },
  ): Promise<Answer> {
    return this.ask({ method: 'POST', url: '/v1/events', payload, headers });
  }

  post(events: unknown, headers?: Record<string, string>): Promise<Answer> {
    return this.send(JSON.stringify(events), headers && { 'content-type': 'application/json', ...headers });
  }

  async ask(request: {
    method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'OPTIONS' | 'QUERY';
    url: string;
    payload?: string | Buffer;
    headers?: Record<string, string>;
  }): Promise<Answer> {
    const { statusCode, headers, body, rawPayload } = await this.app.inject(
      request as Parameters<NestFastifyApplication['inject']>[0],
    );
    const isJson = String(headers['content-type']).startsWith('application/json');
    return {
      status: statusCode,
      headers,
      text: body,
      bytes: rawPayload,
      json: isJson ? (JSON.parse(body) as Answer['json']) : {},
    };
  }

  metrics(): Promise<string> {
    return this.app.get<{ metrics(): Promise<string> }>(METRICS_REGISTRY).metrics();
  }

  close(): Promise<void> {
    return this.app.close();
  }
}

export { EVENT, idOf } from '@pipeline/intake/testing';
