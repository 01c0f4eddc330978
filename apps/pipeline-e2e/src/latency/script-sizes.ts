import { get } from 'node:http';
import { type Figure } from './figure.ts';

const KIB = 1_024;

/** What web-ui sends to a browser that takes gzip: the tag, and the scripts of each document. */
export async function scriptSizes(webUiUrl: string): Promise<Figure[]> {
  const figures = [{ name: '/tag.js, gzip', paths: ['/tag.js'], budget: 3 * KIB }];
  for (const document of ['/', '/dashboard']) {
    const html = await (await fetch(webUiUrl + document)).text();
    figures.push({ name: `scripts of ${document}, gzip`, paths: scriptsOf(html), budget: 60 * KIB });
  }
  return Promise.all(
    figures.map(async ({ name, paths, budget }) => {
      const sizes = await Promise.all(paths.map((path) => bytesOnTheLine(webUiUrl + path)));
      const measured = sizes.reduce((sum, size) => sum + size, 0);
      return { name, measured, budget, unit: 'bytes', note: paths.join(' ') } as const;
    }),
  );
}

/** Every script that a document names, those to be loaded ahead included. */
export function scriptsOf(html: string): string[] {
  return [...html.matchAll(/(?:src|href)="(\/[^"]+\.js)"/g)].map(([, path]) => path ?? '');
}

/** The body as it travels; `fetch` would unpack it. */
function bytesOnTheLine(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { 'accept-encoding': 'gzip' } }, (response) => {
      if (response.statusCode !== 200 || response.headers['content-encoding'] !== 'gzip')
        return reject(new Error(`${url} is not served with gzip: ${response.statusCode}`));
      let bytes = 0;
      response.on('data', (chunk: Buffer) => (bytes += chunk.length));
      response.on('end', () => resolve(bytes)).on('error', reject);
    }).on('error', reject);
  });
}
