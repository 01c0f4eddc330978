import { join } from 'node:path';
import { WORKSPACE } from '../workspace.ts';

/** The committed schemas, one file a kind. */
export const SCHEMA_FOLDER = join(WORKSPACE, 'tools/deployment/schemas');

export const COMPOSE_SCHEMA = 'compose-spec.json';

/** `apps/v1`, `Deployment` → `deployment-apps-v1.json`. */
export function schemaFile(apiVersion: string, kind: string): string {
  return `${[kind, ...apiVersion.split('/')].join('-').toLowerCase()}.json`;
}
