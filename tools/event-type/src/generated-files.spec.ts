import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { generatedFiles } from './generated-files.ts';

const WORKSPACE = fileURLToPath(new URL('../../..', import.meta.url));

const files = await generatedFiles(WORKSPACE);

it.each(files.map(({ path, now, wanted }) => [path, now, wanted]))(
  '%s is what the event types say (npm run catalogue)',
  (_, now, wanted) => expect(now).toBe(wanted),
);
