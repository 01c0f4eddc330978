import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startPipeline } from '@pipeline/testing';
import { launchChromium } from '../support/chromium.ts';
import { someVisitors } from './some-visitors.ts';
import { takePictures } from './take-pictures.ts';

const FOLDER = join(import.meta.dirname, '../../../../docs/images');
/** How long the sinks and the strip need until there is something to see. */
const SETTLE_MS = 20_000;

const stack = await startPipeline();
const browser = await launchChromium();
try {
  await mkdir(FOLDER, { recursive: true });
  await someVisitors(stack.app('collector-api').url);
  await new Promise((resolve) => void setTimeout(resolve, SETTLE_MS));
  await someVisitors(stack.app('collector-api').url, 60);
  const files = await takePictures(browser, stack.app('web-ui').url, FOLDER);
  process.stdout.write(`${files.join('\n')}\n`);
} finally {
  await browser.close();
  await stack.stop();
}
