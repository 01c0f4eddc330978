import preset from '../../jest.preset.js';

/** Specs against the real HDFS that WEBHDFS_URL names. */
export default {
  ...preset,
  testMatch: ['<rootDir>/src/**/*.e2e-spec.ts'],
  maxWorkers: 1,
  testTimeout: 60_000,
};
