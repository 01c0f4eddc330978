import preset from '../jest.preset.js';

export default {
  ...preset,
  reporters: ['default', ['<rootDir>/../tools/test-run/src/count-reporter.ts', {}]],
};
