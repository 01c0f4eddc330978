import { describe, expect, it } from '@jest/globals';
import { COMPOSE_RULES, strangeVariables, variablesWithoutDefault } from './compose-rules/index.ts';
import {
  type ComposeFile,
  type ComposeService,
  composeText,
  LAYERS,
  readCompose,
  withLayers,
} from './compose.ts';
import { composeErrors } from './schemas/validate.ts';

describe.each(['compose.yaml', ...LAYERS])('%s', (name) => {
  it('fits the Compose specification', () => {
    expect(composeErrors(readCompose(name))).toEqual([]);
  });

  it('has a default for every variable', () => {
    expect(variablesWithoutDefault(composeText(name))).toEqual([]);
  });

  it('uses variables that the apps and `npm start` know, with the same ports', () => {
    expect(strangeVariables(composeText(name))).toEqual([]);
  });
});

describe.each([[], ...LAYERS.map((layer) => [layer]), LAYERS].map((layers) => ({ layers })))(
  'compose.yaml with $layers',
  ({ layers }) => {
    it.each(Object.entries(COMPOSE_RULES))('obeys %s', (_name, rule) => {
      expect(rule(withLayers(layers))).toEqual([]);
    });
  },
);

type Change = Partial<ComposeService>;

/** What each rule must find: a service, and what is wrong with it. */
const MISTAKES: Readonly<
  Record<string, readonly (readonly [title: string, service: string, change: Change])[]>
> = {
  graceIsEnough: [
    ['as long as the app needs', 'es-sink', { stop_grace_period: '25s' }],
    ['no unit', 'es-sink', { stop_grace_period: '30' }],
  ],
  imagesAreOurs: [
    ['the name of another app', 'es-sink', { image: 'web-event-pipeline/hdfs-sink:dev' }],
    ['another folder', 'topics', { build: { target: 'command', args: { APP: 'topics' } } }],
    [
      'a health check for what ends',
      'topics',
      { build: { args: { APP: 'topics', APP_FOLDER: 'tools/topics' } } },
    ],
    ['no health check for what stays', 'es-sink', { build: { target: 'command', args: { APP: 'es-sink' } } }],
    ['an app that is not there', 'es-sink', { build: { args: { APP: 'mongo-sink' } } }],
  ],
  imagesArePinned: [
    ['no tag', 'kafka', { image: 'apache/kafka' }],
    ['latest', 'kafka', { image: 'apache/kafka:latest' }],
  ],
  memoryIsLimited: [['no limit', 'kibana', { mem_limit: undefined } as unknown as Change]],
  oursAreConfined: [
    ['a root to write', 'es-sink', { read_only: false }],
    ['a capability', 'es-sink', { cap_drop: ['NET_RAW'] }],
    ['more privileges', 'es-sink', { security_opt: [] }],
  ],
  portsAreLocal: [
    ['every address', 'web-ui', { ports: ['${WEB_UI_PORT:-3000}:3000'] }],
    ['every address by name', 'web-ui', { ports: ['0.0.0.0:3000:3000'] }],
  ],
  settingsExist: [['a misspelt setting', 'es-sink', { environment: { KAFKA_BROKER: 'kafka:9092' } }]],
  startIsGated: [
    ['no topics', 'web-ui', { depends_on: {} }],
    ['topics that have begun', 'web-ui', { depends_on: { topics: { condition: 'service_started' } } }],
    [
      'a store that has begun',
      'es-sink',
      {
        depends_on: {
          topics: { condition: 'service_completed_successfully' },
          elasticsearch: { condition: 'service_started' },
        },
      },
    ],
  ],
  versionsAreTested: [
    ['an older broker', 'kafka', { image: 'apache/kafka:4.3.0' }],
    ['a newer Hive', 'hive', { image: 'apache/hive:4.1.0' }],
  ],
  volumesExist: [
    ['no such folder', 'kibana', { volumes: ['./nowhere:/objects:ro'] }],
    ['no such volume', 'kibana', { volumes: ['nowhere:/objects'] }],
  ],
  waitsEnd: [
    ['nobody', 'kibana', { depends_on: { opensearch: { condition: 'service_healthy' } } }],
    ['the health of what has none', 'web-ui', { depends_on: { topics: { condition: 'service_healthy' } } }],
    [
      'the end of what stays',
      'kibana',
      { depends_on: { kafka: { condition: 'service_completed_successfully' } } },
    ],
  ],
};

describe('a mistake is found', () => {
  const cases = Object.entries(MISTAKES).flatMap(([rule, mistakes]) =>
    mistakes.map(([title, service, change]) => ({ rule, title, service, change })),
  );

  it.each(cases)('by $rule: $title', ({ rule, service, change }) => {
    const file = withLayers([]);
    const services = { ...file.services, [service]: { ...file.services[service], ...change } };
    expect(COMPOSE_RULES[rule]?.({ ...file, services })).not.toEqual([]);
  });

  it('of every rule', () => {
    expect(Object.keys(MISTAKES)).toEqual(Object.keys(COMPOSE_RULES));
  });

  it('by the schema: a misspelt field', () => {
    expect(composeErrors({ services: { app: { imagee: 'a:1' } } } as unknown as ComposeFile)).not.toEqual([]);
  });

  it('in a variable without a default', () => {
    expect(variablesWithoutDefault('a: ${TAG:-dev} b: ${PORT}')).toEqual(['${PORT}']);
  });

  it('in a variable that nobody knows, and in a port of its own', () => {
    expect(
      strangeVariables('${PIPELINE_TAG:-dev} ${KAFKA_PORT:-9092} ${WEB_UI_PORT:-8080} ${BROKER:-a}'),
    ).toEqual(['${WEB_UI_PORT:-8080}', '${BROKER:-a}']);
  });
});
