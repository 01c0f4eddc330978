import { type Logger } from '@pipeline/observability';

/**
 * Ends the process because a consumer can never recover: a process that lives on without its consumer looks healthy
 * and does nothing (nestjs/nest#11910), one that ends is restarted.
 */
export function endProcess(logger: Logger): (error: Error) => void {
  return (error) => {
    logger.fatal({ err: error }, 'consumer ended for good');
    process.exit(1);
  };
}
