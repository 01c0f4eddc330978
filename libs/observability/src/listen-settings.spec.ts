import { describe, expect, it } from '@jest/globals';
import { defineSettings } from '@pipeline/config';
import { listenSettings, localUrl } from './listen-settings.ts';

describe('listenSettings', () => {
  const settings = defineSettings(listenSettings('web-ui'));

  it('listens on this machine alone when nothing is said', () => {
    expect(settings.load({})).toEqual({ port: 3000, listenHost: '127.0.0.1' });
  });

  it('listens where LISTEN_HOST says', () => {
    expect(settings.load({ LISTEN_HOST: '0.0.0.0' }).listenHost).toBe('0.0.0.0');
  });
});

describe('localUrl', () => {
  it.each([
    ['127.0.0.1', 'http://127.0.0.1:3000'],
    ['0.0.0.0', 'http://127.0.0.1:3000'],
    ['::', 'http://127.0.0.1:3000'],
    ['192.0.2.7', 'http://192.0.2.7:3000'],
    ['::1', 'http://[::1]:3000'],
    ['collector.internal', 'http://collector.internal:3000'],
  ])('of an app on %s is %s', (listenHost, url) => {
    expect(localUrl({ listenHost, port: 3000 })).toBe(url);
  });
});
