import { describe, expect, it } from '@jest/globals';
import { COMPOSE_RULES, variablesWithoutDefault } from './compose-rules.ts';
import { type ComposeFile, composeText, LAYERS, readCompose, withLayer } from './compose.ts';
import { composeErrors } from './schemas/validate.ts';

const FILES = ['compose.yaml', ...LAYERS];

describe.each(FILES)('%s', (name) => {
  const whole = name === 'compose.yaml' ? readCompose(name) : withLayer(name);

  it('fits the Compose specification', () => {
    expect(composeErrors(readCompose(name))).toEqual([]);
  });

  it('has a default for every variable', () => {
    expect(variablesWithoutDefault(composeText(name))).toEqual([]);
  });

  it.each(Object.entries(COMPOSE_RULES))('obeys %s', (_name, rule) => {
    expect(rule(whole)).toEqual([]);
  });
});

describe('a mistake is found', () => {
  const file: ComposeFile = {
    services: {
      app: {
        image: 'web-event-pipeline/es-sink',
        build: { args: { APP: 'es-sink' } },
        environment: { KAFKA_BROKER: 'kafka:9092' },
        depends_on: { kafka: { condition: 'service_healthy' } },
        volumes: ['./nowhere:/etc/nowhere', 'data:/data'],
      },
    },
    volumes: {},
  };

  it.each(Object.entries(COMPOSE_RULES))('by %s', (_name, rule) => {
    expect(rule(file)).not.toEqual([]);
  });

  it('by the schema: a misspelt field', () => {
    expect(composeErrors({ services: { app: { imagee: 'a:1' } } } as unknown as ComposeFile)).not.toEqual([]);
  });

  it('in a variable without a default', () => {
    expect(variablesWithoutDefault('a: ${TAG:-dev} b: ${PORT}')).toEqual(['${PORT}']);
  });
});
