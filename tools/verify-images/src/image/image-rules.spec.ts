import { describe, expect, it } from '@jest/globals';
import { type Expected, type ImageFacts } from './image-facts.ts';
import { IMAGE_RULES } from './image-rules.ts';

type Promise = keyof typeof IMAGE_RULES;

const LABEL = 'org.opencontainers.image';
const GOOD: ImageFacts = {
  name: 'es-sink',
  user: '1000:1000',
  entrypoint: ['node'],
  command: ['--max-semi-space-size=32', 'dist/main.js'],
  environment: ['NODE_ENV=production', 'LISTEN_HOST=0.0.0.0'],
  healthcheck: ['CMD', 'node', 'dist/healthcheck.js'],
  workingFolder: '/app/apps/es-sink',
  stopSignal: 'SIGTERM',
  labels: {
    [`${LABEL}.title`]: 'web-event-pipeline/es-sink',
    [`${LABEL}.description`]: 'es-sink of the web-event pipeline',
    [`${LABEL}.licenses`]: 'Apache-2.0',
    [`${LABEL}.version`]: '1.2.3',
    [`${LABEL}.revision`]: 'a'.repeat(40),
    [`${LABEL}.base.name`]: 'docker.io/library/node:24-slim',
  },
  bytesOverBase: 60_000_000,
  files: [
    '/app/apps/es-sink/package.json',
    '/app/apps/es-sink/dist/main.js',
    '/app/apps/es-sink/dist/healthcheck.js',
    '/app/libs/config/package.json',
    '/app/libs/config/dist/index.js',
    '/app/node_modules/@pipeline/config',
    '/app/node_modules/kafkajs/package.json',
    '/app/node_modules/kafkajs/src/index.js',
  ],
};
const EXPECTED: Expected = { version: '1.2.3', developmentPackages: new Set(['node_modules/jest']) };

const withFile = (path: string): Partial<ImageFacts> => ({ files: [...GOOD.files, path] });
const withoutFile = (path: string): Partial<ImageFacts> => ({
  files: GOOD.files.filter((one) => one !== path),
});
const withLabel = (key: string, value: string): Partial<ImageFacts> => ({
  labels: { ...GOOD.labels, [`${LABEL}.${key}`]: value },
});

const MISTAKES: Readonly<Record<Promise, Readonly<Record<string, Partial<ImageFacts>>>>> = {
  'node is process 1, without a shell': {
    'a shell': { entrypoint: ['/bin/sh', '-c', 'node dist/main.js'] },
    'the entry point of the base': { entrypoint: ['docker-entrypoint.sh'] },
    'a program that is not there': withoutFile('/app/apps/es-sink/dist/main.js'),
    'only options': { command: ['--max-semi-space-size=32'] },
  },
  'the user is a number and not root': {
    nobody: { user: '' },
    root: { user: '0:0' },
    'a name': { user: 'node' },
  },
  'the health check asks the app itself, without curl': {
    none: { healthcheck: [] },
    curl: { healthcheck: ['CMD', 'curl', '--fail', 'http://localhost:3003/livez'] },
    'a shell': { healthcheck: ['CMD-SHELL', 'node dist/healthcheck.js'] },
    'a script that is not there': withoutFile('/app/apps/es-sink/dist/healthcheck.js'),
    'one of a command that ends': { name: 'topics' },
  },
  'it listens on every address of its container': {
    'nothing is said': { environment: ['NODE_ENV=production'] },
    'the loopback': { environment: ['LISTEN_HOST=127.0.0.1'] },
  },
  'SIGTERM stops it': { 'another signal': { stopSignal: 'SIGQUIT' }, 'no signal': { stopSignal: '' } },
  'the labels tell what it is': {
    'another app': withLabel('title', 'web-event-pipeline/hdfs-sink'),
    'another version': withLabel('version', '1.2.30'),
    'an unknown commit': withLabel('revision', 'unknown'),
    'no base': withLabel('base.name', ''),
  },
  'there is no TypeScript in it': {
    'a source': withFile('/app/node_modules/zod/src/index.ts'),
    types: withFile('/app/node_modules/zod/index.d.mts'),
    'the compiler': withFile('/app/node_modules/typescript/lib/tsc.js'),
  },
  'there is no source in it': {
    'of the app': withFile('/app/apps/es-sink/src/main.js'),
    'a spec': withFile('/app/libs/config/dist/settings.spec.js'),
    'a map to it': withFile('/app/libs/config/dist/index.js.map'),
  },
  'there is no development dependency in it': {
    'by the lock': withFile('/app/node_modules/jest/package.json'),
    'another app': withFile('/app/apps/web-ui/package.json'),
    'a tool': withFile('/app/tools/local-stack/package.json'),
    'the library for tests': withFile('/app/libs/testing/dist/index.js'),
    'compiled code of a library that is not needed': withFile('/app/libs/tag/dist/index.js'),
  },
  'there is nothing in it but the app': {
    'a cache': withFile('/root/.npm/_logs/a.log'),
    'settings of npm': withFile('/app/.npmrc'),
    'a key': withFile('/app/apps/es-sink/key.pem'),
  },
  'it is at most 60 MB over its base': { 'a byte more': { bytesOverBase: 60_000_001 } },
};

describe.each(Object.entries(IMAGE_RULES))('%s', (promise, rule) => {
  it('holds for a good image', () => {
    expect(rule(GOOD, EXPECTED)).toEqual([]);
  });

  it.each(Object.entries(MISTAKES[promise as Promise]))('is broken by: %s', (_title, mistake) => {
    expect(rule({ ...GOOD, ...mistake }, EXPECTED)).not.toEqual([]);
  });
});
