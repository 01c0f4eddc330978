import { describe, expect, it } from '@jest/globals';
import { findChromium } from './chromium.ts';

describe('a machine without a browser', () => {
  it('gets the command that installs one', async () => {
    await expect(findChromium(['/nowhere/chromium'])).rejects.toThrow('sudo apt-get install --yes chromium');
  });

  it('is told apart from one that has it at a later place', async () => {
    expect(await findChromium(['/nowhere/chromium', process.execPath])).toBe(process.execPath);
  });
});
