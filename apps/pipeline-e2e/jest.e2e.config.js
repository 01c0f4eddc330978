import preset from '../../jest.preset.js';

/** End-to-end specs: real servers on free ports, one spec file at a time, each on a stack of its own. */
export default {
  ...preset,
  testMatch: ['<rootDir>/src/**/*.e2e-spec.ts'],
  maxWorkers: 1,
  // The first run on a machine fetches what it needs, 200 MB for Hive alone.
  testTimeout: 600_000,
  reporters: [
    'default',
    ['<rootDir>/../../tools/test-run/src/count-reporter.ts', { file: 'e2e-counts.json' }],
  ],
};
