import { expect, it } from '@jest/globals';
import { assertVersion, install } from './install.ts';
import { privateModule } from './kafkajs.ts';

it('changes the kafkajs that is installed, once', () => {
  install();
  const { prototype } = privateModule('src/network/connection');
  const processData = Reflect.get(prototype, 'processData');
  install();
  expect(Reflect.get(prototype, 'processData')).toBe(processData);
});

it.each(['2.2.5', '2.2.4-beta.1', '3.0.0'])('refuses kafkajs %s', (version) => {
  expect(() => assertVersion(version)).toThrow('for 2.2.4 alone');
});
