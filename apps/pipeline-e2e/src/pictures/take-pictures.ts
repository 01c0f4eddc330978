import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const DESKTOP = { viewport: { width: 1_200, height: 830 }, deviceScaleFactor: 1.5 };
const PHONE = { viewport: { width: 390, height: 800 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

/** Every picture of the READMEs, by the name of its file. */
const PICTURES: readonly (readonly [name: string, path: string, options: BrowserContextOptions])[] = [
  ['page', '/', { ...DESKTOP, colorScheme: 'light' }],
  ['page-dark', '/', { ...DESKTOP, colorScheme: 'dark' }],
  ['page-phone', '/', { ...PHONE, colorScheme: 'light' }],
  ['dashboard', '/dashboard', { ...DESKTOP, colorScheme: 'light' }],
  ['dashboard-dark', '/dashboard', { ...DESKTOP, colorScheme: 'dark' }],
  ['dashboard-phone', '/dashboard', { ...PHONE, colorScheme: 'light' }],
  ['dashboard-pipeline', '/dashboard?tab=pipeline', { ...DESKTOP, colorScheme: 'light' }],
];

/**
 * Takes the pictures of a web-ui that has something to show.
 * @returns the files written.
 */
export async function takePictures(browser: Browser, webUiUrl: string, folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const [name, path, options] of PICTURES) {
    const context = await browser.newContext({ ...options, locale: 'en-US', reducedMotion: 'reduce' });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    await page.goto(webUiUrl + path);
    if (path === '/') await pick(page);
    else await filled(page);
    await page.evaluate('document.fonts.ready');
    const file = join(folder, `${name}.png`);
    await page.screenshot({ path: file, fullPage: name === 'dashboard' });
    files.push(file);
    await context.close();
  }
  return files;
}

/** The strip has heard of every app and shows a cohort, or the history has answered. */
async function filled(page: Page): Promise<void> {
  const isOfPipeline = page.url().includes('tab=pipeline');
  await page
    .locator(isOfPipeline ? '.station-good' : '.bars li')
    .nth(3)
    .waitFor();
  if (isOfPipeline) await page.getByText('all there').nth(2).waitFor();
}

async function pick(page: Page): Promise<void> {
  await page.getByRole('textbox').fill('Ada');
  await page.getByRole('button', { name: /green/i }).click();
  await page.getByText('Ada picked green.').waitFor();
}
