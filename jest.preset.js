/**
 * The one Jest configuration: native ES modules, TypeScript through SWC with the same options as the build.
 * Node needs --experimental-vm-modules for it; the `test` and `e2e` targets set that flag.
 */
import { readFileSync } from 'node:fs';

const { exclude: _specsAreWanted, ...swcOptions } = JSON.parse(
  readFileSync(new URL('.swcrc', import.meta.url), 'utf8'),
);
// Specs import TypeScript by its own file name.
swcOptions.jsc.rewriteRelativeImportExtensions = false;
swcOptions.sourceMaps = 'inline';

export default {
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  // No spec is about time: one that hangs is ended, one on a slow machine is not.
  testTimeout: 60_000,
  transform: { '\\.tsx?$': ['@swc/jest', { ...swcOptions, swcrc: false }] },
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleFileExtensions: ['ts', 'tsx', 'js', 'mjs', 'json'],
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@pipeline/source', 'node', 'import', 'default'] },
  reporters: ['default', ['<rootDir>/../../tools/test-run/src/count-reporter.ts', {}]],
};
