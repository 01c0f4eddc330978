import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DEFAULT_LEGS } from './catalogue.ts';

const COMMAND = join(import.meta.dirname, '../dist/main.js');

/** Of short runs beside other work the figures say little, so they are printed and decide nothing. */
describe('the short benchmark', () => {
  it.each(DEFAULT_LEGS.quick)('of %s loses and doubles no event', async (leg) => {
    const child = spawn(process.execPath, [COMMAND, leg, '--quick', '--no-keep'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let report = '';
    child.stdout.on('data', (text: Buffer) => (report += text.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    process.stdout.write(report);
    expect(report).toContain(`## ${leg}`);
    expect(code).toBe(0);
  });
});
