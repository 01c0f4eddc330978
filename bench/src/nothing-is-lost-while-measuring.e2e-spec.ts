import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const COMMAND = join(import.meta.dirname, '../dist/main.js');

/** Short runs say little about speed, so ratios are printed and decide nothing. */
describe('a short benchmark', () => {
  it.each(['collector', 'hdfs', 'es'])('of %s loses and doubles no event', async (leg) => {
    const child = spawn(process.execPath, [COMMAND, leg, '--check'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let report = '';
    child.stdout.on('data', (text: Buffer) => (report += text.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    process.stdout.write(report);
    expect(report).toContain('each event is there once');
    expect(code).toBe(0);
  });
});
