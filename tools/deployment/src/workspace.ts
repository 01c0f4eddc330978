import { resolve } from 'node:path';

/** Root folder of the workspace. */
export const WORKSPACE = resolve(import.meta.dirname, '../../..');
