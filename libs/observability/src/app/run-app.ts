import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { milliseconds, oneOf, pairs, url } from '@pipeline/config';
import { type AppName } from '@pipeline/event-schema/apps';
import { BoundedHttpAdapter } from '../http/bounded.http-adapter.ts';
import { type ListenAddress, listenSettings } from '../listen-settings.ts';
import { type AppLogger, LOG_LEVELS, NestLogger } from '../logger.ts';
import { Readiness } from '../readiness.ts';

/** Settings that every app has; spread into its `defineSettings`. */
export function appSettings(app: AppName) {
  return {
    ...listenSettings(app),
    logLevel: oneOf('LOG_LEVEL', 'Lowest level that is logged', LOG_LEVELS, 'info'),
    logsEndpoint: url(
      'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT',
      'Where log lines from info on also go, OTLP over HTTP, such as http://localhost:3001/v1/logs; empty: nowhere',
      { fallback: '' },
    ),
    logsHeaders: pairs('OTEL_EXPORTER_OTLP_LOGS_HEADERS', 'Headers of what is sent there, name=value,…', {
      secret: true,
    }),
    shutdownGraceMs: milliseconds('SHUTDOWN_GRACE_MS', 'Longest time for a clean stop after SIGTERM', {
      fallback: '25000',
    }),
  };
}

export interface AppOptions extends ListenAddress {
  readonly logger: AppLogger;
  /** After this long a shutdown that hangs is cut off with exit code 1. */
  readonly shutdownGraceMs: number;
  /** Between not being ready any more and not listening any more; default 0. Part of the grace. */
  readonly stopDelayMs?: number;
  /** Default: the limits of a port that only operators ask. */
  readonly adapter?: BoundedHttpAdapter;
  /** Connects microservices, registers plugins; runs before the port opens. */
  readonly configure?: (app: NestFastifyApplication) => void | Promise<void>;
}

/**
 * Runs a Nest application until SIGTERM or SIGINT, then closes it (in-flight work ends, buffers are flushed and
 * committed) and exits with 0. A start that fails exits with 1.
 */
export async function runApp(
  module: Type | Parameters<typeof NestFactory.create>[0],
  options: AppOptions,
): Promise<void> {
  const starting = start(module, options);
  stopOnSignal(starting, options);
  try {
    const app = await starting;
    options.logger.info({ url: await app.getUrl() }, 'app started');
  } catch (error) {
    options.logger.fatal({ err: error }, 'app failed to start');
    await options.logger.close();
    process.exit(1);
  }
}

async function start(
  module: Type | Parameters<typeof NestFactory.create>[0],
  { logger, port, listenHost, adapter = new BoundedHttpAdapter(), configure }: AppOptions,
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  await configure?.(app);
  await app.startAllMicroservices();
  giveBackMemory();
  await app.listen(port, listenHost);
  return app;
}

/** A signal that comes while the app still starts is obeyed as soon as it has. */
function stopOnSignal(
  starting: Promise<NestFastifyApplication>,
  { logger, shutdownGraceMs, stopDelayMs = 0 }: AppOptions,
): void {
  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'app stopping');
    setTimeout(() => {
      logger.error({ shutdownGraceMs }, 'shutdown exceeded its grace period');
      process.exit(1);
    }, shutdownGraceMs).unref();
    try {
      await stopGently(await starting, stopDelayMs);
      logger.info('app stopped');
      await logger.close();
      process.exit(0);
    } catch (error) {
      logger.error({ err: error }, 'app stopped with an error');
      await logger.close();
      process.exit(1);
    }
  };
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => void stop(signal));
}

/**
 * Collects all garbage now. A start leaves a young generation of tens of megabytes behind, which V8 gives back only with
 * a full collection, and an idle process may not have one for hours: es-sink without its servers takes 120 instead of
 * 147 MiB. Nothing else runs meanwhile (93 ms on a busy machine), so it belongs before the first request.
 */
export function giveBackMemory(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  collect();
}

const IDLE_SWEEP_MS = 50;

/**
 * Ends an app so that no client notices: `/readyz` says no at once while requests are still taken, and every answer asks
 * its client to close the connection; after `delayMs`, when the load balancer has noticed, listening stops, what is
 * under way is answered, and Nest's shutdown hooks run.
 */
export async function stopGently(app: NestFastifyApplication, delayMs: number): Promise<void> {
  app.get(Readiness).register('app', () => 'The app is stopping');
  const server = app.getHttpServer();
  // Node then marks the next answer of each connection as its last.
  server.maxRequestsPerSocket = 1;
  await wait(delayMs);
  // A response that is under way when the server starts closing leaves its kept-alive connection open behind it.
  const sweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS);
  await app.close();
  clearInterval(sweep);
}
