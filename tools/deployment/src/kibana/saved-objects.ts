import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { COMPOSE_FOLDER, readCompose } from '../compose.ts';
import { WORKSPACE } from '../workspace.ts';

/** A line of what Kibana exports, as far as the rules look. */
export interface SavedObject {
  readonly type: string;
  readonly id: string;
  readonly attributes: Readonly<Record<string, unknown>> & { readonly title?: string };
  readonly references: readonly SavedReference[];
  /** Shape of the attributes, by the Kibana that wrote it; a newer Kibana migrates it, an older one refuses it. */
  readonly typeMigrationVersion: string;
  readonly coreMigrationVersion: string;
}

export interface SavedReference {
  readonly type: string;
  readonly id: string;
  readonly name: string;
}

/** What the objects are checked against. */
export interface Surroundings {
  /** Version of the Kibana that imports them. */
  readonly kibana: string;
  /** Name of a field of the index → its type. */
  readonly fields: ReadonlyMap<string, string>;
}

export const OBJECTS_FILE = 'pipeline.ndjson';

export function readSavedObjects(): SavedObject[] {
  const text = readFileSync(join(COMPOSE_FOLDER, 'kibana', OBJECTS_FILE), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as SavedObject);
}

interface TemplateModule {
  readonly indexTemplate: (
    topic: string,
    replicas: string,
  ) => {
    readonly body: {
      readonly index_patterns: readonly string[];
      readonly template: {
        readonly mappings: { readonly properties: Readonly<Record<string, { readonly type: string }>> };
      };
    };
  };
}

/** The template of a topic's indices. Loaded by its path: no project may depend on an app. */
export async function templateOf(topic: string) {
  const path = join(WORKSPACE, 'apps/es-sink/src/elasticsearch/index-template.ts');
  const { indexTemplate } = (await import(pathToFileURL(path).href)) as TemplateModule;
  const { body } = indexTemplate(topic, '0');
  const fields = Object.entries(body.template.mappings.properties);
  return {
    patterns: body.index_patterns,
    fields: new Map(fields.map(([name, { type }]) => [name, type] as const)),
  };
}

/** The Kibana of docker/compose.yaml. */
export function kibanaVersion(): string {
  return readCompose('compose.yaml').services['kibana']?.image?.split(':').at(-1) ?? '';
}
