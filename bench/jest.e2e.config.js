import preset from '../jest.preset.js';

/** The built command on real servers. */
export default {
  ...preset,
  testMatch: ['<rootDir>/src/**/*.e2e-spec.ts'],
  maxWorkers: 1,
  testTimeout: 600_000,
  reporters: ['default', ['<rootDir>/../tools/test-run/src/count-reporter.ts', { file: 'e2e-counts.json' }]],
};
