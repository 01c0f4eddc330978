import { type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Logger, NestLogger } from './logger.ts';

export interface AppOptions {
  readonly logger: Logger;
  readonly port: number;
  /** After this long a shutdown that hangs is cut off with exit code 1. */
  readonly shutdownGraceMs: number;
  readonly adapter?: FastifyAdapter;
  /** Connects microservices, registers plugins; runs before the port opens. */
  readonly configure?: (app: NestFastifyApplication) => void | Promise<void>;
}

const IDLE_SWEEP_MS = 50;

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
  { logger, port, adapter = new FastifyAdapter(), configure }: AppOptions,
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  await configure?.(app);
  await app.startAllMicroservices();
  await app.listen(port, '0.0.0.0');
  return app;
}

/** A signal that comes while the app still starts is obeyed as soon as it has. */
function stopOnSignal(
  starting: Promise<NestFastifyApplication>,
  { logger, shutdownGraceMs }: AppOptions,
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
      await close(await starting);
      logger.info('app stopped');
      process.exit(0);
    } catch (error) {
      logger.error({ err: error }, 'app stopped with an error');
      process.exit(1);
    }
  };
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => void stop(signal));
}

async function close(app: NestFastifyApplication): Promise<void> {
  // A response that is under way when the server starts closing leaves its kept-alive connection open behind it.
  const sweep = setInterval(() => app.getHttpServer().closeIdleConnections(), IDLE_SWEEP_MS);
  await app.close();
  clearInterval(sweep);
}
