import { Ajv, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ComposeFile } from '../compose.ts';
import { type Manifest } from '../manifests.ts';
import { COMPOSE_SCHEMA, SCHEMA_FOLDER, schemaFile } from './schema-file.ts';

const OPTIONS = { strict: false, allErrors: true, validateFormats: false };
const ajv = new Ajv(OPTIONS);
const ajv2020 = new Ajv2020(OPTIONS);
const compiled = new Map<string, ValidateFunction>();

/** What the strict schemas have against an object; nothing when it is right. A kind without a schema is an error. */
export function schemaErrors({ apiVersion, kind, ...rest }: Manifest): string[] {
  const file = schemaFile(apiVersion, kind);
  if (!existsSync(join(SCHEMA_FOLDER, file))) return [`${apiVersion} ${kind} has no schema ${file}`];
  return errorsOf(file, { apiVersion, kind, ...rest }).map(
    (error) => `${kind}/${rest.metadata.name} ${error}`,
  );
}

/** What the Compose specification has against a file. */
export function composeErrors(file: ComposeFile): string[] {
  return errorsOf(COMPOSE_SCHEMA, file);
}

function errorsOf(file: string, value: unknown): string[] {
  const validate = validatorOf(file);
  validate(value);
  return (validate.errors ?? []).map(({ instancePath, message, params }) =>
    [instancePath, message, JSON.stringify(params)].join(' '),
  );
}

function validatorOf(file: string): ValidateFunction {
  const known = compiled.get(file);
  if (known) return known;
  const schema = JSON.parse(readFileSync(join(SCHEMA_FOLDER, file), 'utf8')) as { $schema: string };
  const validate = (schema.$schema.includes('2020-12') ? ajv2020 : ajv).compile(schema);
  compiled.set(file, validate);
  return validate;
}
