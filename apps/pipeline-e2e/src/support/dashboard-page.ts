import { eventually } from '@pipeline/testing';
import { expect } from '@jest/globals';
import { type Page } from 'playwright-core';

const PATIENCE = { timeoutMs: 60_000, intervalMs: 250 };

/** A number of the dashboard as people read it. */
function numberIn(text: string): number {
  return Number(text.replace(/[^\d.]/g, ''));
}

/** The figures across the top, in their order: picks, rate, page views, conversion in percent, … */
export async function figures(dashboard: Page): Promise<number[]> {
  return (await dashboard.locator('.figures dd').allInnerTexts()).map(numberIn);
}

/** What the bars of each list add up to: colours, browsers, devices. */
export async function barTotals(dashboard: Page): Promise<number[]> {
  const lists = await dashboard.locator('.bars').all();
  const counts = await Promise.all(lists.map((list) => list.locator('.bar-count').allInnerTexts()));
  return counts.map((list) => list.map(numberIn).reduce((sum, count) => sum + count, 0));
}

/** Everything is on the screen: every app was heard, the history has answered, the details are open. */
export async function openWithEverything(dashboard: Page, webUiUrl: string): Promise<void> {
  await dashboard.goto(`${webUiUrl}/dashboard`);
  await eventually(async () => expect(await dashboard.locator('.station-good').count()).toBe(4), PATIENCE);
  await dashboard.locator('details.lag summary').click();
  await dashboard.locator('.halves .bars li').first().waitFor();
  await dashboard.locator('button.follow').first().click();
  await eventually(async () => expect(await journey(dashboard)).toHaveLength(4), PATIENCE);
}

/** The steps of the event that is followed, as they are told. */
export function journey(dashboard: Page): Promise<string[]> {
  return dashboard.locator('.steps li').allInnerTexts();
}

/** Pastes an event id and waits until the journey has ended where the words say. */
export async function journeyEnds(dashboard: Page, eventId: string, words: readonly RegExp[]): Promise<void> {
  await dashboard.locator('.event-id').fill(eventId);
  await eventually(async () => {
    const steps = await journey(dashboard);
    expect(steps).toEqual(words.map((step) => expect.stringMatching(step)));
  }, PATIENCE);
}
