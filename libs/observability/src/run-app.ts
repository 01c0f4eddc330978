import { type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { giveBackMemory } from './give-back-memory.ts';
import { BoundedHttpAdapter } from './http/bounded.http-adapter.ts';
import { type ListenAddress } from './listen-settings.ts';
import { type Logger, NestLogger } from './logger.ts';
import { stopGently } from './stop-gently.ts';

export interface AppOptions extends ListenAddress {
  readonly logger: Logger;
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
      process.exit(0);
    } catch (error) {
      logger.error({ err: error }, 'app stopped with an error');
      process.exit(1);
    }
  };
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => void stop(signal));
}
