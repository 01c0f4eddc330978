import { isDeepStrictEqual } from 'node:util';
import { type estypes } from '@elastic/elasticsearch';
import { type IndexTemplate, isTableIndex } from './index-template.ts';

/** What an index is, or would become if its first document came now. */
export interface IndexEffect {
  /** The concrete index behind the name, several with commas; undefined if there is none yet. */
  readonly existingName: string | undefined;
  /** Whether the name is that of an alias that hides documents. */
  readonly isFiltered: boolean;
  readonly mappings: estypes.MappingTypeMapping;
  /** Flat, such as `index.default_pipeline`. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Settings that change, move or drop documents, or refuse what our mapping takes, and the values that do not. */
const HARMLESS: Readonly<Record<string, readonly unknown[]>> = {
  'index.default_pipeline': [undefined, '_none'],
  'index.final_pipeline': [undefined, '_none'],
  'index.mode': [undefined, 'standard'],
  'index.mapping.source.mode': [undefined, 'stored'],
  'index.mapping.total_fields.ignore_dynamic_beyond_limit': ['true'],
};

/** Parts of the mapping beside the fields that must be ours as a whole. */
const WHOLE_PARTS = ['dynamic', 'date_detection', 'numeric_detection', 'dynamic_templates'] as const;

/**
 * Why documents may not be written into an index, the first reason only; undefined if they may. The effect is judged,
 * not its cause: another template with a higher priority, an index made by hand and a changed mapping look the same.
 * Fields that somebody added are let pass: whether a document fits them, Elasticsearch says of each.
 */
export function effectFault(
  index: string,
  { existingName, mappings, settings, isFiltered }: IndexEffect,
  { body, version, alias }: IndexTemplate,
): string | undefined {
  if (alias !== undefined) {
    if (existingName === undefined) return 'it is not there';
    if (!isTableIndex(index, existingName)) return `it is no alias of ${alias.index} or a later one alone`;
    if (!isFiltered) return 'its alias does not hide deleted rows';
  } else if (existingName !== undefined && existingName !== index) {
    return `it is another name of ${existingName}`;
  }
  for (const [name, values] of Object.entries(HARMLESS)) {
    if (!values.includes(settings[name])) return `its setting ${name} is ${String(settings[name])}`;
  }
  const ours = body.template.mappings;
  if (mappings._source !== undefined) return 'its mapping changes what is stored in _source';
  if (mappings._routing?.required === true) return 'its mapping requires a routing value';
  const madeBy = Number(mappings._meta?.['template_version'] ?? version);
  // A newer release that runs beside us knows what it changed.
  if (madeBy > version) return undefined;
  for (const part of WHOLE_PARTS) {
    if (!isSame(ours[part], mappings[part])) return `its mapping has another ${part}`;
  }
  for (const [field, property] of Object.entries(ours.properties ?? {})) {
    const theirs = mappings.properties?.[field];
    const isLater = theirs === undefined && madeBy < version;
    if (!isLater && !isSame(property, theirs)) return `its mapping of ${field} is not ours`;
  }
  return undefined;
}

/** Elasticsearch gives some booleans back as texts. */
function isSame(ours: unknown, theirs: unknown): boolean {
  return isDeepStrictEqual(plain(ours), plain(theirs));
}

function plain(value: unknown): unknown {
  const text = JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'boolean' ? String(inner) : inner,
  );
  return text === undefined ? undefined : JSON.parse(text);
}
