import { describe, expect, it } from '@jest/globals';
import {
  ConfigError,
  addresses,
  defineSettings,
  flag,
  milliseconds,
  oneOf,
  pairs,
  port,
  ratio,
  text,
  url,
} from './index.ts';

const settings = defineSettings(
  {
    port: port('APP_PORT', 'HTTP port', 3001),
    brokers: addresses('BROKERS', 'Kafka brokers', 'localhost:9092'),
    lingerMs: milliseconds('LINGER_MS', 'Linger', { fallback: '5', max: 1_000 }),
    graceMs: milliseconds('GRACE_MS', 'Grace', { fallback: '10' }),
    store: url('STORE_URL', 'where the store listens', {}),
    acks: oneOf('ACKS', 'Acknowledgement', ['all', 'leader'], 'all'),
    enabled: flag('ENABLED', 'Switch', false),
    password: text('PASSWORD', 'Password', { fallback: '', secret: true }),
  },
  [({ lingerMs, graceMs }) => (lingerMs < graceMs ? undefined : 'LINGER_MS must be below GRACE_MS')],
);

const mistakesOf = (environment: Record<string, string>): readonly string[] => {
  try {
    settings.load(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
  return [];
};

describe('settings', () => {
  it('reads typed values and takes the defaults of unset and empty keys', () => {
    expect(settings.load({ STORE_URL: 'http://store:1/', APP_PORT: '', BROKERS: 'a:1, b:2' })).toEqual({
      port: 3001,
      brokers: ['a:1', 'b:2'],
      lingerMs: 5,
      graceMs: 10,
      store: 'http://store:1',
      acks: 'all',
      enabled: false,
      password: '',
    });
  });

  it('lists every mistake at once, each with its key', () => {
    expect(
      mistakesOf({ APP_PORT: '70000', BROKERS: 'nowhere', LINGER_MS: '1.5', ACKS: 'some', ENABLED: 'yes' }),
    ).toEqual([
      'APP_PORT="70000" must be at most 65535',
      'BROKERS="nowhere" must be a comma list of host:port',
      'LINGER_MS="1.5" must be a whole number',
      'STORE_URL is missing: where the store listens',
      'ACKS="some" must be one of all, leader',
      'ENABLED="yes" must be true or false',
    ]);
  });

  it('checks rules over several keys once each key is right', () => {
    expect(mistakesOf({ STORE_URL: 'http://store', LINGER_MS: '10' })).toEqual([
      'LINGER_MS must be below GRACE_MS',
    ]);
  });

  it('never shows a secret', () => {
    const values = settings.load({ STORE_URL: 'http://store', PASSWORD: 'hunter2' });
    expect(JSON.stringify(settings.redact(values))).not.toContain('hunter2');
  });
});

describe('a ratio', () => {
  const of = (SHARE: string) => defineSettings({ share: ratio('SHARE', 'Share', '0.5') }).load({ SHARE });

  it.each([
    ['', 0.5],
    ['0', 0],
    ['1', 1],
    ['.25', 0.25],
    ['1.0', 1],
  ])('"%s" is %d', (text, share) => {
    expect(of(text)).toEqual({ share });
  });

  it.each(['1.5', '-1', '1e-3', 'half', '2'])('is never "%s"', (text) => {
    expect(() => of(text)).toThrow(ConfigError);
  });
});

describe('pairs', () => {
  const of = (LABELS: string) => defineSettings({ labels: pairs('LABELS', 'Labels', {}) }).load({ LABELS });

  it.each([
    ['', {}],
    ['a=1', { a: '1' }],
    [' a=1 , b=x%2Cy=z ', { a: '1', b: 'x,y=z' }],
  ])('"%s" are read', (text, labels) => {
    expect(of(text)).toEqual({ labels });
  });

  it.each(['a', '=1', 'a=%', 'a=%ff', 'a=1,b'])('are never "%s"', (text) => {
    expect(() => of(text)).toThrow(ConfigError);
  });
});
