import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { REJECTION_CODES } from '@pipeline/event-schema/contract';
import { CollectorUnderTest } from '../../testing/start-collector.fixture.ts';
import { COLLECT_REFUSALS } from './events.documentation.ts';
import { REQUEST_EXAMPLES } from './events.examples.ts';
import { LOGS_EXAMPLES, LOGS_REFUSALS } from './logs.documentation.ts';
import { REFUSALS } from './refusals.ts';

interface Answer {
  description: string;
  content?: Record<string, { examples?: object }>;
}

interface Document {
  paths: Record<string, Record<string, { responses: Record<string, Answer> }>>;
  components: { schemas: Record<string, { properties: Record<string, { enum?: string[] }> }> };
}

describe('the documentation', () => {
  let collector: CollectorUnderTest;
  let document: Document;
  beforeAll(async () => {
    collector = await CollectorUnderTest.start();
    document = JSON.parse((await collector.ask({ method: 'GET', url: '/openapi.json' })).text) as Document;
  });
  afterAll(() => collector.close());

  it.each(Object.entries(REQUEST_EXAMPLES))(
    'shows an example that does what it says: %s',
    async (_name, example) => {
      const { status, json } = await collector.post(example.value);
      expect(status).toBe(example.status);
      expect(json.results?.map((result) => result.code ?? result.status)).toEqual(example.outcomes);
    },
  );

  it.each(Object.entries(LOGS_EXAMPLES))(
    'shows a request of logs that does what it says: %s',
    async (_name, { value, status, outcomes }) => {
      const answer = await collector.ask({
        method: 'POST',
        url: '/v1/logs',
        headers: { 'content-type': 'application/json' },
        payload: JSON.stringify(value),
      });
      expect(answer.status).toBe(status);
      expect(answer.text === '{}').toBe(outcomes.length === 0);
      for (const outcome of outcomes) expect(answer.text).toContain(outcome);
    },
  );

  it('names every endpoint', () => {
    expect(Object.keys(document.paths).sort()).toEqual([
      '/livez',
      '/metrics',
      '/readyz',
      '/v1/events',
      '/v1/events/pixel.gif',
      '/v1/logs',
    ]);
  });

  it('names every status and every code of POST /v1/events, each with its example', () => {
    const { responses } = document.paths['/v1/events']!['post']!;
    for (const code of COLLECT_REFUSALS) {
      const [status, message] = REFUSALS[code];
      expect(responses[status]?.content?.['application/json']?.examples).toMatchObject({
        [code]: { value: { code, message } },
      });
    }
    expect(Object.keys(responses)).toContain('202');
  });

  it('names every status and every code of POST /v1/logs, in both encodings', () => {
    const { responses } = document.paths['/v1/logs']!['post']!;
    for (const code of LOGS_REFUSALS) {
      const answer = responses[REFUSALS[code][0]]!;
      expect(answer.description).toContain(`\`${code}\`: ${REFUSALS[code][1]}`);
      expect(Object.keys(answer.content!)).toEqual(['application/json', 'application/x-protobuf']);
    }
    expect(Object.keys(responses)).toContain('200');
  });

  it('refers to schemas that are there', () => {
    const named = JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g);
    const missing = [...named].filter(([, name]) => !(name! in document.components.schemas));
    expect(missing).toEqual([]);
  });

  it('lists the codes of rejected events', () => {
    expect(document.components.schemas['Result']?.properties['code']?.enum).toEqual(
      Object.keys(REJECTION_CODES),
    );
  });

  it('is readable at /docs with nothing loaded from elsewhere', async () => {
    const page = await collector.ask({ method: 'GET', url: '/docs' });
    expect(page.status).toBe(200);
    const sources = Array.from(page.text.matchAll(/(?:src|href)="([^"]+)"/g), ([, source]) => source ?? '');
    expect(sources.length).toBeGreaterThan(2);
    for (const source of sources) {
      expect(source).toMatch(/^\.?\//);
      const asset = await collector.ask({ method: 'GET', url: new URL(source, 'http://x/docs').pathname });
      expect({ source, status: asset.status }).toEqual({ source, status: 200 });
    }
  });
});
