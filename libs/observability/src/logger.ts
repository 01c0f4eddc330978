import { type LoggerService } from '@nestjs/common';
import { pino, type Logger as PinoLogger } from 'pino';
import { LogShipper, type ShippingSettings } from './log-shipper.ts';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Structured logger: `logger.info({ topic, partition }, 'partition assigned')`: fields first, then a constant phrase. */
export type Logger = Pick<PinoLogger, 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace'> & {
  child(bindings: Record<string, unknown>): Logger;
};

export const LOGGER = Symbol('logger');

/** The logger of an app that runs. */
export interface AppLogger extends Logger {
  /** Hands over what is still on its way. Never rejects. */
  close(): Promise<void>;
}

/**
 * JSON lines on standard output, each with `app`, ISO time and level name.
 * @param shipper also gets the lines from `info` on: what is below is said of each request, and shipping is a request.
 */
export function createLogger(app: string, level: LogLevel, shipper?: LogShipper): Logger {
  const options = {
    level,
    base: { app },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  if (shipper === undefined) return pino(options);
  const everything = { level: 'trace', stream: pino.destination(1) } as const;
  return pino(options, pino.multistream([everything, { level: 'info', stream: shipper }]));
}

/** The logger of an app, which sends its lines to a receiver of OTLP where one is set. */
export function appLogger(
  app: string,
  settings: ShippingSettings & { readonly logLevel: LogLevel },
): AppLogger {
  const shipper = settings.logsEndpoint === '' ? undefined : new LogShipper(app, settings);
  const close = () => shipper?.close() ?? Promise.resolve();
  return Object.assign(createLogger(app, settings.logLevel, shipper), { close });
}

/** Sends what Nest itself logs through the structured logger. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(fields(rest), String(message));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.logger.warn(fields(rest), String(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.logger.error(
      fields(rest),
      message instanceof Error ? (message.stack ?? message.message) : String(message),
    );
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(fields(rest), String(message));
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.logger.trace(fields(rest), String(message));
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.logger.fatal(fields(rest), String(message));
  }
}

/** Nest hands over optional extras and, last, the name of the part that speaks. */
function fields(rest: readonly unknown[]): Record<string, unknown> {
  const context = rest.at(-1);
  return typeof context === 'string' ? { context } : {};
}
