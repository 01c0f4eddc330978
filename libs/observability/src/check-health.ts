import { defineSettings, environment, loadOrExit } from '@pipeline/config';
import { type AppName } from '@pipeline/event-schema/apps';
import { listenSettings, localUrl } from './listen-settings.ts';

const TIMEOUT_MS = 2_000;

/**
 * Asks an app on this machine whether it is alive; the exit code of the process tells: 0 alive, 1 not. For container
 * runtimes, so that an image needs no curl. An entry of its own: it runs every few seconds, and the rest of this library
 * would load Nest each time.
 */
export async function checkHealth(app: AppName, from = environment()): Promise<void> {
  const address = loadOrExit(defineSettings(listenSettings(app)), from);
  const answer = await fetch(`${localUrl(address)}/livez`, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => undefined);
  process.exitCode = answer?.ok === true ? 0 : 1;
}
