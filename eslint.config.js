import eslint from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import { defineConfig, globalIgnores } from 'eslint/config';
import { readdirSync, readFileSync } from 'node:fs';
import tseslint from 'typescript-eslint';

/** The projects that are apps, as their tags say. */
const APPS = readdirSync(`${import.meta.dirname}/apps`).filter((name) =>
  readFileSync(`${import.meta.dirname}/apps/${name}/package.json`, 'utf8').includes('"type:app"'),
);
const SCOPES = ['shared', ...APPS];

/** What each type of project may depend on. Nothing may depend on an app or on an e2e project. */
const ALLOWED_TYPES = {
  contract: ['contract'],
  util: ['util', 'contract'],
  wire: ['wire'],
  driver: ['wire', 'util', 'contract'],
  transport: ['driver', 'wire', 'util', 'contract'],
  platform: ['transport', 'util', 'contract'],
  app: ['platform', 'transport', 'util', 'contract'],
  tool: ['tool', 'transport', 'util', 'contract'],
  testing: ['tool', 'transport', 'driver', 'wire', 'util', 'contract'],
  e2e: ['testing', 'tool', 'transport', 'driver', 'util', 'contract'],
};

const TRACING = [
  '@opentelemetry/api',
  '@opentelemetry/resources',
  '@opentelemetry/sdk-trace',
  '@opentelemetry/*-trace-*',
];

/** A package that few projects may import: patterns → the tags of those projects. */
const TYPES = Object.keys(ALLOWED_TYPES);
const DOORS = [
  { packages: ['kafkajs', 'kafkajs-*'], kind: 'type', tags: TYPES, only: ['driver'] },
  { packages: ['lz4-napi', 'snappyjs'], kind: 'type', tags: TYPES, only: ['wire'] },
  { packages: ['@elastic/*', '@nestjs/elasticsearch'], kind: 'scope', tags: SCOPES, only: ['es-sink'] },
  { packages: ['webhdfs'], kind: 'scope', tags: SCOPES, only: ['hdfs-sink'] },
  { packages: ['class-validator', 'class-transformer'], kind: 'type', tags: TYPES, only: ['contract'] },
  { packages: ['zod', 'pino', ...TRACING], kind: 'type', tags: TYPES, only: ['util'] },
  // The door for OTLP; its specs send with the SDK.
  { packages: ['protobufjs', '@opentelemetry/*logs*'], kind: 'scope', tags: SCOPES, only: ['collector-api'] },
  { packages: ['fastify', '@fastify/*'], kind: 'type', tags: TYPES, only: ['util', 'app'] },
];

/** What is no part of a product: specs, and the doubles and fixtures that only they import. */
const TEST_CODE = ['**/*.spec.ts', '**/*.spec.tsx', '**/*.e2e-spec.ts', '**/testing/**'];

/** A project has one `type:` and one `scope:` tag; `*` is never used. Each rule is proved in tools/test-run. */
const depConstraints = (allowedTypes) => [
  ...Object.entries(allowedTypes).map(([type, allowed]) => ({
    sourceTag: `type:${type}`,
    onlyDependOnLibsWithTags: allowed.map((name) => `type:${name}`),
  })),
  { sourceTag: 'scope:shared', onlyDependOnLibsWithTags: ['scope:shared'] },
  ...APPS.map((app) => ({
    sourceTag: `scope:${app}`,
    onlyDependOnLibsWithTags: [`scope:${app}`, 'scope:shared'],
  })),
  ...DOORS.flatMap(({ packages, kind, tags, only }) =>
    tags
      .filter((tag) => !only.includes(tag))
      .map((tag) => ({ sourceTag: `${kind}:${tag}`, bannedExternalImports: packages })),
  ),
  { sourceTag: 'type:contract', bannedExternalImports: ['@nestjs/*'] },
];

const boundaries = (allowedTypes) => [
  'error',
  { depConstraints: depConstraints(allowedTypes), enforceBuildableLibDependency: false },
];

/** Each is one TypeScript program; the last two are for browsers. */
const PROGRAMS = ['tsconfig.json', 'libs/tag/tsconfig.json', 'apps/web-ui/client/tsconfig.json'];

const ENVIRONMENT = 'Settings come from the environment through @pipeline/config only.';
const LEFT_OUT = '[property.name=/^(skip|only|todo|failing)$/]';
const SUITE = '/^(describe|it|test)$/';
const SUITES_LEFT_OUT = [
  `MemberExpression${LEFT_OUT}[object.name=${SUITE}]`,
  `MemberExpression${LEFT_OUT}[object.object.name=${SUITE}]`,
  'Identifier[name=/^(xit|xtest|xdescribe|fit|fdescribe)$/]',
];

/** @param {object[]} more patterns of imports that are refused */
const restrictedImports = (...more) => [
  'error',
  {
    paths: ['process', 'node:process'].map((name) => ({ name, message: 'process is a global.' })),
    patterns: [
      // Nx sees no dependency where a package exports nothing, so its rule is silent about apps.
      {
        group: APPS.map((app) => `@pipeline/${app}`),
        message: 'An app is reached through Kafka or HTTP only.',
      },
      {
        group: [
          '@pipeline/*/*',
          '!@pipeline/*/testing',
          '!@pipeline/event-schema/apps',
          '!@pipeline/event-schema/contract',
          '!@pipeline/testing/fake-stores',
          '!@pipeline/observability/check-health',
        ],
        message: 'A library is imported by its name, not by a path inside it.',
      },
      ...more,
    ],
  },
];

export default defineConfig(
  globalIgnores(['**/dist', '**/test-results', '**/jest.*.js', '**/jest.config.js', '**/vite.config.ts']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  eslint.configs.recommended,
  tseslint.configs.recommendedTypeChecked,
  {
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { project: PROGRAMS, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@nx/enforce-module-boundaries': boundaries(ALLOWED_TYPES),
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // Nest modules are classes that hold only a decorator.
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: ENVIRONMENT }],
      'no-restricted-imports': restrictedImports({
        regex: '(^|/)testing/|^@pipeline/[^/]+/testing$',
        message: 'Doubles and fixtures are for specs.',
      }),
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.property.name='process'][property.name='env']",
          message: ENVIRONMENT,
        },
        ...SUITES_LEFT_OUT.map((selector) => ({
          selector,
          message: 'Every test runs, none is singled out.',
        })),
      ],
      'no-console': 'error',
      eqeqeq: 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
    },
  },
  // Generated: as long as there are event types.
  { files: ['libs/event-schema/src/catalogue.ts'], rules: { 'max-lines': 'off' } },
  { files: ['libs/config/src/environment.ts'], rules: { 'no-restricted-properties': 'off' } },
  { files: TEST_CODE, rules: { 'no-restricted-imports': restrictedImports() } },
  {
    files: TEST_CODE.map((glob) => glob.replace('**/', 'apps/*/**/')),
    ignores: ['apps/pipeline-e2e/**'],
    rules: {
      '@nx/enforce-module-boundaries': boundaries({
        ...ALLOWED_TYPES,
        app: [...ALLOWED_TYPES.app, 'testing'],
      }),
    },
  },
  {
    files: ['apps/web-ui/client/**'],
    rules: {
      'no-restricted-imports': restrictedImports({
        regex: '^(\\.\\./)+src/(?!protocol/)',
        message: 'The browser shares src/protocol with the server and nothing else.',
      }),
    },
  },
  { files: ['tools/**', 'bench/**'], rules: { 'no-console': 'off' } },
  // A floor is what a product of the same libraries could do at best: it needs no door.
  { files: ['bench/src/floors/**'], rules: { '@nx/enforce-module-boundaries': 'off' } },
  {
    files: ['**/*.config.ts', '**/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { 'no-restricted-exports': 'off' },
  },
  // Jest loads these by their default export.
  { files: ['**/*-reporter.ts', '**/*.global-setup.ts'], rules: { 'no-restricted-exports': 'off' } },
  prettier,
);
