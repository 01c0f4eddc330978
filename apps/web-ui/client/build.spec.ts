import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const PAGE_BUDGET_BYTES = 60 * 1_024;
const TAG_BUDGET_BYTES = 3 * 1_024;

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js');
const folder = mkdtempSync(join(tmpdir(), 'web-ui-build-'));

beforeAll(() => {
  for (const mode of ['production', 'tag']) {
    const options = ['build', '--mode', mode, '--outDir', folder, '--logLevel', 'warn'];
    execFileSync(process.execPath, [vite, ...options], { cwd: project });
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
const gzipBytes = (file: string): number => gzipSync(readFileSync(join(folder, file)), { level: 9 }).length;

/** Every script that a document names: what a visitor loads before the page works. */
function scriptsOf(page: string): string[] {
  return [...read(page).matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, file]) => file ?? '');
}

describe('what is built', () => {
  it.each(['index.html', 'dashboard.html'])('keeps %s within 60 KiB of compressed scripts', (page) => {
    const scripts = scriptsOf(page);
    expect(scripts.length).toBeGreaterThan(0);
    const bytes = scripts.reduce((sum, file) => sum + gzipBytes(file), 0);
    expect(bytes).toBeLessThanOrEqual(PAGE_BUDGET_BYTES);
  });

  it('keeps the tag within 3 KiB compressed, a script of its own that needs nothing', () => {
    expect(gzipBytes('tag.js')).toBeLessThanOrEqual(TAG_BUDGET_BYTES);
    expect(read('tag.js')).not.toMatch(/\b(import|require)\b|beforeunload|['"`]unload/);
  });

  it('has no inline script or style, which the policy would refuse', () => {
    for (const page of ['index.html', 'dashboard.html']) {
      expect(read(page)).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/);
      expect(read(page)).not.toContain('http://');
    }
    expect(read('index.html')).toContain('content="{{collector-url}}"');
  });

  it('brings nothing of the server into the browser', () => {
    const scripts = readdirSync(join(folder, 'assets')).filter((file) => file.endsWith('.js'));
    for (const file of scripts)
      expect(read(join('assets', file))).not.toMatch(/node:|class-validator|kafkajs|reflect-metadata/);
  });

  it('is compressed once, at build time', () => {
    const files = readdirSync(join(folder, 'assets'));
    for (const file of files.filter((name) => name.endsWith('.js')))
      expect(files).toEqual(expect.arrayContaining([`${file}.br`, `${file}.gz`]));
  });
});
