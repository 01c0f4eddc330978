import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The HTML documents, ready to send. */
export interface Pages {
  readonly index: string;
  readonly dashboard: string;
}

export const PAGES = Symbol('pages');

const COLLECTOR_PLACEHOLDER = '{{collector-url}}';

/**
 * Reads the built pages and writes the collector's address into them.
 * @throws Error that says what to run when there is no build.
 */
export function loadPages(clientFolder: string, collectorUrl: string): Pages {
  const page = (file: string): string =>
    readPage(join(clientFolder, file)).replaceAll(COLLECTOR_PLACEHOLDER, escapeAttribute(collectorUrl));
  return { index: page('index.html'), dashboard: page('dashboard.html') };
}

function readPage(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(`No built page at ${path}: run \`npx nx build web-ui\``, { cause });
  }
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
