import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { REJECTION_CODES } from '@pipeline/event-schema/contract';
import { CollectorUnderTest } from '../../testing/start-collector.fixture.ts';
import { COLLECT_REFUSALS } from './events.documentation.ts';
import { REQUEST_EXAMPLES } from './events.examples.ts';
import { REFUSALS } from './refusals.ts';

interface Document {
  paths: Record<
    string,
    Record<string, { responses: Record<string, { content?: Record<string, { examples?: object }> }> }>
  >;
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

  it('names every endpoint', () => {
    expect(Object.keys(document.paths).sort()).toEqual([
      '/livez',
      '/metrics',
      '/readyz',
      '/v1/events',
      '/v1/events/pixel.gif',
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
