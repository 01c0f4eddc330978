import preset from '../../jest.preset.js';

const [transformer, options] = preset.transform['\\.tsx?$'];
const { jsc } = options;

/** The preset, plus the client: its specs beside its sources, and JSX as Vite compiles it. */
export default {
  ...preset,
  testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/client/**/*.spec.{ts,tsx}'],
  transform: {
    '\\.tsx$': [
      transformer,
      {
        ...options,
        jsc: {
          ...jsc,
          parser: { ...jsc.parser, tsx: true },
          transform: { ...jsc.transform, react: { runtime: 'automatic', importSource: 'preact' } },
        },
      },
    ],
    '\\.ts$': [transformer, options],
  },
};
