import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generatedFiles } from './generated-files.ts';

const WORKSPACE = fileURLToPath(new URL('../../..', import.meta.url));

/** `npm run catalogue`: writes what follows from the event types. */
for (const { path, now, wanted } of await generatedFiles(WORKSPACE)) {
  if (now === wanted) continue;
  console.log(wanted === undefined ? `removed ${path}` : `wrote ${path}`);
  if (wanted === undefined) await rm(join(WORKSPACE, path));
  else await writeFile(join(WORKSPACE, path), wanted);
}
