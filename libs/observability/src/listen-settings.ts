import { port, text } from '@pipeline/config';
import { APP_PORTS, type AppName, portVariable } from '@pipeline/event-schema/apps';
import { isIPv6 } from 'node:net';

/** Where an app listens. By itself, because the health check loads nothing else. */
export interface ListenAddress {
  readonly listenHost: string;
  readonly port: number;
}

/** This machine alone, unless it is set. Images set it. */
export const listenHost = text('LISTEN_HOST', 'Address to listen on; 0.0.0.0: all addresses of the machine', {
  fallback: '127.0.0.1',
});

export function listenSettings(app: AppName) {
  return { port: port(portVariable(app), 'HTTP port', APP_PORTS[app]), listenHost };
}

const EVERY_ADDRESS = ['0.0.0.0', '::'];

/** The URL at which a program on the same machine reaches an app. */
export function localUrl({ listenHost, port }: ListenAddress): string {
  const host = EVERY_ADDRESS.includes(listenHost) ? '127.0.0.1' : listenHost;
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
