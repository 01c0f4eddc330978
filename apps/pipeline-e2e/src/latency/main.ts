import { startPipeline } from '@pipeline/testing';
import { machine } from '../drills/report/machine.ts';
import { launchChromium } from '../support/chromium.ts';
import { figureLine, holds } from './figure.ts';
import { measure } from './measure.ts';

const MEASUREMENT = { clicks: 60, eventsPerSecond: 500, loadSeconds: 60 };

const stack = await startPipeline();
const browser = await launchChromium();
try {
  const figures = await measure(stack, browser, MEASUREMENT);
  const { processors, memoryGib, system, node, servers, commit } = await machine();
  print(`${processors}, ${memoryGib} GiB, ${system}, Node ${node}, Chromium ${browser.version()}`);
  print(`${servers}, commit ${commit}`);
  for (const figure of figures) print(figureLine(figure));
  process.exitCode = figures.every(holds) ? 0 : 1;
} finally {
  await browser.close();
  await stack.stop();
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
