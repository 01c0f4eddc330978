import { startPipeline } from '@pipeline/testing';
import { machine } from '../drills/report/machine.ts';
import { launchChromium } from '../support/chromium.ts';
import { figureLine, holds } from './figure.ts';
import { measure } from './measure.ts';

const MEASUREMENT = { clicks: 60, eventsPerSecond: 500, loadSeconds: 60 };

const stack = await startPipeline({ isShortLived: false });
const browsers = [await launchChromium(), await launchChromium()] as const;
try {
  const figures = await measure(stack, browsers, MEASUREMENT);
  const { processors, memoryGib, system, node, servers, commit } = await machine();
  print(`${processors}, ${memoryGib} GiB, ${system}, Node ${node}, Chromium ${browsers[0].version()}`);
  print(`${servers}, commit ${commit}`);
  for (const figure of figures) print(figureLine(figure));
  process.exitCode = figures.every(holds) ? 0 : 1;
} finally {
  for (const browser of browsers) await browser.close();
  await stack.stop();
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
