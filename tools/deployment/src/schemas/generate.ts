import { execa } from 'execa';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { isObject, type Json, type JsonObject } from './json.ts';
import { COMPOSE_SCHEMA, SCHEMA_FOLDER, schemaFile } from './schema-file.ts';
import { customResourceSchema, kindSchema } from './strict-schema.ts';

// Writes the committed schemas anew: `node tools/deployment/src/schemas/generate.ts`. Needs Go, which only downloads.
const KUBERNETES = 'k8s.io/kubernetes@v1.35.4';
const COMPOSE = 'github.com/compose-spec/compose-go/v2@v2.16.2';
const KEDA = 'github.com/kedacore/keda/v2@v2.21.0';

/** What our manifests consist of, and nothing else: a new kind is a line here. */
const KINDS = new Set([
  'v1 ConfigMap',
  'v1 Namespace',
  'v1 Service',
  'v1 ServiceAccount',
  'apps/v1 Deployment',
  'apps/v1 StatefulSet',
  'autoscaling/v2 HorizontalPodAutoscaler',
  'batch/v1 Job',
  'networking.k8s.io/v1 Ingress',
  'networking.k8s.io/v1 NetworkPolicy',
  'policy/v1 PodDisruptionBudget',
]);
const CUSTOM_KINDS = new Set(['ScaledObject', 'TriggerAuthentication']);

async function moduleFolder(module: string): Promise<string> {
  const { stdout } = await execa('go', ['mod', 'download', '-json', module]);
  return (JSON.parse(stdout) as { Dir: string }).Dir;
}

function write(apiVersion: string, kind: string, schema: Json): void {
  writeFileSync(join(SCHEMA_FOLDER, schemaFile(apiVersion, kind)), JSON.stringify(schema));
}

async function writeKubernetes(): Promise<void> {
  const file = join(await moduleFolder(KUBERNETES), 'api/openapi-spec/swagger.json');
  const { definitions } = JSON.parse(readFileSync(file, 'utf8')) as { definitions: JsonObject };
  for (const [name, definition] of Object.entries(definitions)) {
    const types = isObject(definition) ? definition['x-kubernetes-group-version-kind'] : undefined;
    if (!Array.isArray(types) || types.length !== 1) continue;
    const { group, version, kind } = types[0] as { group: string; version: string; kind: string };
    const apiVersion = group === '' ? version : `${group}/${version}`;
    if (!KINDS.has(`${apiVersion} ${kind}`)) continue;
    write(apiVersion, kind, kindSchema(definitions, name, apiVersion, kind));
  }
}

interface CustomResource {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      readonly name: string;
      readonly schema: { readonly openAPIV3Schema: Json };
    }[];
  };
}

async function writeKeda(): Promise<void> {
  const folder = join(await moduleFolder(KEDA), 'config/crd/bases');
  for (const file of readdirSync(folder)) {
    const { spec } = parse(readFileSync(join(folder, file), 'utf8')) as CustomResource;
    if (!CUSTOM_KINDS.has(spec.names.kind)) continue;
    for (const { name, schema } of spec.versions) {
      const apiVersion = `${spec.group}/${name}`;
      write(
        apiVersion,
        spec.names.kind,
        customResourceSchema(schema.openAPIV3Schema, apiVersion, spec.names.kind),
      );
    }
  }
}

async function writeCompose(): Promise<void> {
  const text = readFileSync(join(await moduleFolder(COMPOSE), 'schema/compose-spec.json'), 'utf8');
  writeFileSync(join(SCHEMA_FOLDER, COMPOSE_SCHEMA), JSON.stringify(JSON.parse(text)));
}

mkdirSync(SCHEMA_FOLDER, { recursive: true });
await writeKubernetes();
await writeKeda();
await writeCompose();
