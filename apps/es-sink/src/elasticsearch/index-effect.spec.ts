import { describe, expect, it } from '@jest/globals';
import { effectFault, type IndexEffect } from './index-effect.ts';
import { indexTemplate, TEMPLATE_VERSION } from './index-template.ts';

const INDEX = 'select-color-2026.11.22';
const TEMPLATE = indexTemplate('select-color', '0-1');
const OURS = TEMPLATE.body.template.mappings;
const SETTINGS = { 'index.mapping.total_fields.ignore_dynamic_beyond_limit': 'true' };

function faultOf(change: Partial<IndexEffect>): string | undefined {
  return effectFault(
    INDEX,
    { existingName: undefined, isFiltered: false, mappings: OURS, settings: SETTINGS, ...change },
    TEMPLATE,
  );
}

describe('an index that may be written', () => {
  it.each<[string, Partial<IndexEffect>]>([
    ['would be made by our template', {}],
    ['was made by our template', { existingName: INDEX }],
    [
      'got a field from somebody',
      { mappings: { ...OURS, properties: { ...OURS.properties, x: { type: 'long' } } } },
    ],
    [
      'knows the fields that documents brought',
      { mappings: { ...OURS, runtime: { y: { type: 'keyword' } } } },
    ],
    [
      'has booleans as texts, as Elasticsearch answers',
      { mappings: { ...OURS, date_detection: 'false' as never } },
    ],
    ['has no pipeline, in words', { settings: { ...SETTINGS, 'index.default_pipeline': '_none' } }],
    [
      'was made by a newer release',
      { mappings: { _meta: { template_version: TEMPLATE_VERSION + 1 }, dynamic: 'strict' } },
    ],
    [
      'was made by an older release and lacks a field',
      { mappings: { ...OURS, _meta: { template_version: TEMPLATE_VERSION - 1 }, properties: {} } },
    ],
  ])('%s', (_, change) => {
    expect(faultOf(change)).toBeUndefined();
  });
});

describe('an index that may not be written', () => {
  const guessed = { ...OURS.properties, event_id: { type: 'text' } as const };

  it.each<[string, Partial<IndexEffect>, RegExp]>([
    [
      'has a guessed mapping',
      { mappings: { properties: { event_id: { type: 'text' } } } },
      /another dynamic$/,
    ],
    ['has no mapping', { mappings: {} }, /another dynamic$/],
    [
      'has a field of another type',
      { mappings: { ...OURS, properties: guessed } },
      /of event_id is not ours/,
    ],
    ['lacks one of our fields', { mappings: { ...OURS, properties: {} } }, /of event_id is not ours/],
    ['guesses dates', { mappings: { ...OURS, date_detection: true } }, /another date_detection/],
    ['does not keep the source', { mappings: { ...OURS, _source: { enabled: false } } }, /_source/],
    ['requires a routing value', { mappings: { ...OURS, _routing: { required: true } } }, /routing/],
    ['is an alias', { existingName: 'archive' }, /another name of archive/],
    ...['index.default_pipeline', 'index.final_pipeline', 'index.mode', 'index.mapping.source.mode'].map(
      (name): [string, Partial<IndexEffect>, RegExp] => [
        `has ${name}`,
        { settings: { ...SETTINGS, [name]: 'x' } },
        new RegExp(`${name} is x`),
      ],
    ),
    ['refuses documents with many fields', { settings: {} }, /ignore_dynamic_beyond_limit is undefined/],
  ])('%s', (_, change, reason) => {
    expect(faultOf(change)).toMatch(reason);
  });
});
