import { type BrowserContext, type Page } from 'playwright-core';
import { eventually } from '@pipeline/testing';
import { expect } from '@jest/globals';

/** The page `/` as a visitor called `name` sees it. */
export async function openPage(context: BrowserContext, url: string, name: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole('textbox').fill(name);
  return page;
}

/** Clicks so many colours in one go, one after the other, as fast as the page takes them. */
export async function clickColors(page: Page, count: number): Promise<void> {
  await page.evaluate(`{
    const buttons = document.querySelectorAll('.color button');
    for (let click = 0; click < ${count}; click++) buttons[click % buttons.length].click();
  }`);
}

/** Resolves when the collector has settled everything that this visitor did, in whatever tab. */
export async function everythingIsSent(page: Page): Promise<void> {
  const waiting = () =>
    page.evaluate(`Object.keys(localStorage).filter((key) => key.startsWith('pipeline.event.')).length`);
  await eventually(async () => expect(await waiting()).toBe(0), { timeoutMs: 60_000, intervalMs: 250 });
}
